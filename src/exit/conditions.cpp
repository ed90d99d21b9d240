// SPDX-License-Identifier: Apache-2.0
#include "exit/conditions.hpp"

#include "exit/freeze_daemons.hpp"
#include "exit/state.hpp"
#include "os/clock.hpp"
#include "os/condition.hpp"
#include "os/futex.hpp"

#include <chrono>

namespace curfew::inline v1::detail {
namespace {

/// Somebody who was woken leaves soon. Who was not is an error of the program's, which without us would hang.
constexpr auto leaving_limit = std::chrono::milliseconds(1000);

constinit std::atomic<int (*)(void*)> next_broadcast{nullptr};

}  // namespace

bool notification_may_be_lost(const void* condition) noexcept {
  if (!some_may_be_frozen()) [[likely]]
    return false;
  return (exit_now.now.load() == phase::frozen && !exit_now.steps_done.load()) || frozen_waiters(condition) != 0;
}

bool may_be_destroyed(const void* condition) noexcept {
  if (!some_may_be_frozen()) [[likely]]
    return true;
  // In a later life others wait for whom the C library may wait as it always does.
  if (exit_now.now.load() != phase::frozen && frozen_waiters(condition) == 0) return true;
  // What is frozen for good does not count any more, unless it had to be frozen halfway into its wait or out of it.
  const auto until = os::now_steady() + leaving_limit;
  for (;;) {
    const long waiters = os::waiters_of(condition);
    if (waiters < 0) return frozen_waiters(condition) == 0;
    if (waiters == 0) return true;
    if (os::now_steady() >= until) return false;
    const os::futex_word never{0};
    os::futex_wait(never, 0, os::now_steady() + std::chrono::milliseconds(1));
  }
}

void set_condition_broadcast(int (*how)(void*)) noexcept {
  next_broadcast.store(how);
  os::set_broadcast([](pthread_cond_t* condition) { return next_broadcast.load()(condition); });
}

}  // namespace curfew::inline v1::detail

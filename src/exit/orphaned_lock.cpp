// SPDX-License-Identifier: Apache-2.0
#include "exit/orphaned_lock.hpp"

#include "exit/probe_thread.hpp"
#include "exit/second_exit.hpp"
#include "os/clock.hpp"
#include "os/exit_calls.hpp"
#include "os/futex.hpp"
#include "os/platform.hpp"
#include "os/tasks.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace curfew::inline v1::detail {
namespace {

constexpr unsigned first_look_pause = 300;  // microseconds
constexpr unsigned longest_look_pause = 20'000;
constexpr int looks_before_opening = 2;

constinit bool may_be_locked = false;
constinit std::atomic<pid_t> exiting_child{0};

/// Is there no other thread but curfew's own?
bool is_only_thread(pid_t thread) noexcept {
  pid_t ids[16];
  const int count = os::list_tasks(ids);
  if (count < 0 || count > static_cast<int>(std::size(ids))) return false;
  return std::all_of(ids, ids + count, [thread](pid_t id) { return id == thread || is_helper(id); });
}

void open_lock(std::uint64_t address) noexcept {
  auto& word = *reinterpret_cast<os::futex_word*>(address);
  word.store(0);
  os::futex_wake(word);
}

/// Until the first exit handler runs: what is waited for there is the program's own affair.
void watch_for_orphaned_lock() noexcept {
  os::task_status before;
  int same = 0;
  for (unsigned pause = first_look_pause; !handlers_have_begun(); pause = std::min(pause * 2, longest_look_pause)) {
    os::pause_for(std::chrono::microseconds(pause));
    os::task_status now;
    if (!os::read_task(exiting_child.load(), now)) return;
    const bool asleep = os::waits_for_ever_on_futex(now);
    same = asleep && now.switches == before.switches && now.arguments[0] == before.arguments[0] ? same + 1 : 0;
    before = now;
    if (same < looks_before_opening || !is_only_thread(exiting_child.load()) ||
        !os::is_c_library_data(now.arguments[0]))
      continue;
    open_lock(now.arguments[0]);
    same = 0;
  }
}

constexpr exit_helper lock_thread{"curfew-lock", &watch_for_orphaned_lock};

}  // namespace

void note_orphaned_lock(bool inside) noexcept {
  if (inside) may_be_locked = true;  // and in the children of the child
}

void open_orphaned_lock_if_met() noexcept {
  if (!may_be_locked || CURFEW_TSAN) return;  // ThreadSanitizer dies of a thread in such a child
  if (exiting_child.exchange(::gettid()) == ::gettid()) return;
  make_exit_helper(lock_thread);
}

void exit_if_last_in_such_a_child() noexcept {
  if (may_be_locked && os::list_tasks({}) == 1) std::exit(0);
}

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/c_library.hpp"
#include "os/end_timer.hpp"
#include "os/errno_keeper.hpp"
#include "os/freeze.hpp"
#include "os/interrupted.hpp"
#include "os/signal_linux.hpp"
#include "os/signal_stacks.hpp"
#include "os/signal_timer.hpp"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

namespace curfew::inline v1::detail::os {
namespace {

// A timer's signal is known by an address: that of what it is for.
std::atomic<void (*)(bool)> late_callback{nullptr};
std::atomic<int> end_timer{no_timer};

std::atomic<void (*)()> stuck_callback{nullptr};
std::atomic<int> sleep_timer{no_timer};
std::atomic<int> same_sleep{0};
std::atomic<const void*> slept_at{nullptr};

constexpr long tick = 100'000'000;
constexpr int ticks_to_be_sure = 5;

bool make_timer(std::atomic<int>& timer, const void* value) noexcept {
  if (timer.load() == no_timer) {
    note_own_signal_stack();
    timer.store(make_signal_timer(::gettid(), value));
  }
  return timer.load() != no_timer;
}

void look_at_own_sleep(const void* ucontext) noexcept {
  const void* const at = interrupted_at(ucontext);
  const bool asleep = is_busy_code(at) && asleep_in_system_call(ucontext);
  same_sleep.store(asleep && slept_at.exchange(at) == at ? same_sleep.load() + 1 : 0);
  if (same_sleep.load() < ticks_to_be_sure) return;
  stop_own_sleep_timer();
  if (auto* const call = stuck_callback.load()) call();
}

}  // namespace

bool call_when_late(steady_time at, void (*late)(bool asleep)) noexcept {
  const errno_keeper keep;
  // ThreadSanitizer puts handlers off until its next function is called, which may be never.
  if (CURFEW_TSAN || !prepare_freezing()) return false;
  late_callback.store(late);
  if (!make_timer(end_timer, &late_callback)) return false;
  open_freeze_signal();
  const auto ns = at.time_since_epoch().count();
  itimerspec when{};
  when.it_value.tv_sec = ns / 1'000'000'000;
  when.it_value.tv_nsec = ns % 1'000'000'000;
  when.it_interval.tv_nsec = 50'000'000;
  return set_signal_timer(end_timer.load(), TIMER_ABSTIME, when);
}

void on_own_sleep(void (*stuck)()) noexcept {
  const errno_keeper keep;
  if (CURFEW_TSAN || !prepare_freezing()) return;
  stuck_callback.store(stuck);
  same_sleep.store(0);
  if (!make_timer(sleep_timer, &sleep_timer)) return;
  open_freeze_signal();
  itimerspec when{};
  when.it_value.tv_nsec = when.it_interval.tv_nsec = tick;
  set_signal_timer(sleep_timer.load(), 0, when);
}

void stop_own_sleep_timer() noexcept {
  const errno_keeper keep;
  const int made = sleep_timer.exchange(no_timer);
  if (made != no_timer) delete_signal_timer(made);
}

bool act_if_timer(const void* signal_value, const void* ucontext) noexcept {
  if (signal_value == &late_callback) {
    const bool asleep = is_busy_code(interrupted_at(ucontext)) && asleep_in_any_system_call(ucontext);
    if (auto* const call = late_callback.load()) call(asleep);
    return true;
  }
  if (signal_value != &sleep_timer) return false;
  look_at_own_sleep(ucontext);
  return true;
}

}  // namespace curfew::inline v1::detail::os

#endif

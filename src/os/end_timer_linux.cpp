// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/end_timer.hpp"
#include "os/errno_keeper.hpp"
#include "os/exit_calls.hpp"
#include "os/freeze.hpp"
#include "os/signal_linux.hpp"

#include <linux/time_types.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

namespace curfew::inline v1::detail::os {
namespace {

std::atomic<int> status_at_end{0};  // its address marks the timer's signal
std::atomic<int> timer{-1};

}  // namespace

bool end_process_at(steady_time at, int status) noexcept {
  const errno_keeper keep;
  // ThreadSanitizer puts handlers off until its next function is called, which may be never.
  if (CURFEW_TSAN || !prepare_freezing()) return false;
  status_at_end.store(status);
  open_freeze_signal();
  // The calls themselves: the C library's timer_create keeps a list under a lock.
  if (timer.load() < 0) {
    sigevent event;
    std::memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = freeze_signal();
    event.sigev_value.sival_ptr = &status_at_end;
    event._sigev_un._tid = ::gettid();
    int made = -1;
    if (::syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &made) != 0) return false;
    timer.store(made);
  }
  const auto ns = at.time_since_epoch().count();
  itimerspec when{};
  when.it_value.tv_sec = ns / 1'000'000'000;
  when.it_value.tv_nsec = ns % 1'000'000'000;
  when.it_interval.tv_nsec = 50'000'000;  // should the first be lost
  return ::syscall(SYS_timer_settime, timer.load(), TIMER_ABSTIME, &when, nullptr) == 0;
}

void end_if_timer(const void* signal_value) noexcept {
  if (signal_value == &status_at_end) end_now(status_at_end.load());
}

}  // namespace curfew::inline v1::detail::os

#endif

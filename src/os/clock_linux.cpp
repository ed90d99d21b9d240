// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/clock.hpp"
#include "os/kernel_call.hpp"

#include <sys/syscall.h>
#include <time.h>

namespace curfew::inline v1::detail {

// steady_clock is CLOCK_MONOTONIC, which futexes and timers count by: but only the kernel's, where a library that sets
// the program another clock (libfaketime) stands in front of clock_gettime.
steady_time kernel_now() noexcept {
  timespec now{};
  os::kernel_call(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  return steady_time(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

void os::pause_for(std::chrono::nanoseconds d) noexcept {
  const auto ns = d.count();
  const timespec time{static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
  kernel_call(SYS_nanosleep, &time, nullptr);
}

}  // namespace curfew::inline v1::detail

#endif

// SPDX-License-Identifier: Apache-2.0
// System calls past everybody: `syscall`, `clock_gettime` and the like belong to the program, and other preloaded
// libraries stand in front of them (a wrapper of user ids, a faked clock), which would call back into this one.
#pragma once

#include "os/kernel_call.hpp"

#include <sys/syscall.h>
#include <time.h>

#include <cerrno>

namespace curfew::check {

/// As syscall(2): -1 and errno where it fails. Async-signal-safe.
template <class... Arguments>
inline long kernel_call(long number, Arguments... arguments) noexcept {
  const long result = curfew::detail::os::kernel_call(number, arguments...);
  if (result >= 0 || result < -4095) return result;
  errno = static_cast<int>(-result);
  return -1;
}

/// The kernel's time, whatever clock the program is shown.
inline timespec kernel_time(clockid_t clock) noexcept {
  timespec now{};
  kernel_call(SYS_clock_gettime, clock, &now);
  return now;
}

}  // namespace curfew::check

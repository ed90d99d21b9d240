// SPDX-License-Identifier: Apache-2.0
// Threads of a program that uses curfew: what they wait for is known by the mark in their system call.
#pragma once

#include "check/linux/sleeping.hpp"
#include "os/futex_marks.hpp"

#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>

#include <cstring>

namespace curfew::check {

inline bool has_mark(const sleeping& in, std::uint32_t mark) noexcept {
  return in.call == SYS_futex && (in.arguments[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET &&
         static_cast<std::uint32_t>(in.arguments[5]) == mark;
}

/// A thread that curfew has made for itself (the probe thread, the watch): they have its name, and block the signals
/// that are meant for the program.
inline bool is_curfews_own(pid_t tid, const char* name) noexcept {
  if (std::strcmp(name, "curfew") != 0 && std::strncmp(name, "curfew-", 7) != 0) return false;
  return blocks_signal(tid, SIGHUP);
}

/// It executes nothing of the program any more: nobody has to wait for it.
inline bool is_frozen_by_curfew(const sleeping& in) noexcept {
  return has_mark(in, curfew::detail::os::mark_of_frozen) || has_mark(in, curfew::detail::os::mark_of_own);
}
/// The exit waits for regular threads, daemons with a grace, or shields, as its options say.
inline bool waits_by_curfew(const sleeping& in) noexcept { return has_mark(in, curfew::detail::os::mark_of_drain); }

}  // namespace curfew::check

// SPDX-License-Identifier: Apache-2.0
// How the exit of a program that knows nothing of curfew differs (`curfew run`).
#pragma once

#include <curfew/exit.hpp>

#include <string_view>

namespace curfew::inline v1::detail {

/// By seccomp: a system call too many would kill the process.
enum class shut_in : unsigned char {
  no,
  by_itself,  ///< it has asked for that
  perhaps,    ///< it was started so, as in most containers, or cannot tell
};

/// The library's is all defaults. A preload library defines `manner` itself; the linker then leaves the library's out.
struct exit_manner {
  /// The program did not ask for any of this:
  /// - a process that must not make system calls is let go as it came, if it has nobody who would have to be halted;
  /// - nothing is said but through `say`;
  /// - detached threads get the daemons' grace, threads that nobody saw being made are halted too;
  /// - the limit on destructors holds whether or not a thread was halted, and the status is always the program's own;
  /// - so it is when the exit crashes.
  bool uninvited = false;
  /// The text of the options, in place of CURFEW_EXIT's. Null: none.
  const char* (*options)() = nullptr;
  /// Asked once, at the start: is the exit ours to run?
  bool (*is_ours)() = nullptr;
  /// Has the process given up system calls?
  shut_in (*how_shut_in)() = nullptr;
  /// Takes a line (without a line end) in place of stderr. Async-signal-safe, allocates nothing.
  void (*say)(std::string_view line) = nullptr;
  /// Does anybody read what is said?
  bool (*is_heard)() = nullptr;
  /// Steps 2 to 6 are over; threads are frozen.
  void (*steps_are_done)(const exit_report&) = nullptr;
  /// The process ends now, with this status. As `say`.
  void (*ends)(int status) = nullptr;
};

extern exit_manner manner;

/// On stderr, or to `manner.say`. Async-signal-safe.
void say_at_exit(std::string_view line) noexcept;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
// How the exit of a program that knows nothing of curfew differs (`curfew run`).
#pragma once

#include <curfew/detail/timeout.hpp>
#include <curfew/exit.hpp>

#include <string_view>

namespace curfew::inline v1::detail {

enum class hook_turn : unsigned char;

/// Whether seccomp would kill the process for a system call that it has given up.
enum class seccomp_state : unsigned char {
  no,
  by_itself,  ///< it has asked for that
  perhaps,    ///< it was started with a filter, as in most containers, or it is not known
};

/// The library's is in policy_of_library.cpp. A preload library defines `policy` itself; the linker then leaves the
/// library's out, and with it what only that one names.
struct exit_policy {
  /// The program did not ask for any of this:
  /// - a process that must not make system calls is left alone, if no thread of it would have to be frozen;
  /// - nothing is printed except through `report_line`;
  /// - detached threads get the grace period of daemons, and threads that nobody saw being made are frozen too;
  /// - the limit on destructors holds whether or not a thread was frozen, and the status is always the program's own;
  /// - the status is the program's own even if the exit crashes;
  /// - where the exit waits for what only frozen threads could give, they are thawed before it is ended for that.
  bool preloaded = false;
  /// The text of the options, in place of CURFEW_EXIT's. Null: none.
  const char* (*options)() = nullptr;
  /// Asked once, at the start: should this copy of curfew run the exit?
  bool (*is_ours)() = nullptr;
  /// Tells whether the process has given up system calls.
  seccomp_state (*get_seccomp_state)() = nullptr;
  /// Takes a line (without a line end) in place of stderr. Async-signal-safe, allocates nothing.
  void (*report_line)(std::string_view line) = nullptr;
  /// Does anybody read what is reported?
  bool (*is_heard)() = nullptr;
  /// Steps 2 to 6 are over; threads are frozen.
  void (*steps_are_done)(const exit_report&) = nullptr;
  /// This many frozen threads are about to be thawed, because the exit waits for them.
  void (*threads_are_thawed)(unsigned count) = nullptr;
  /// The process ends now, with this status. As `report_line`.
  void (*ends)(int status) = nullptr;
  /// Main has ended by pthread_exit, and no exit has begun. Does not return, or leaves the process to the C library.
  void (*main_has_left)() = nullptr;
  /// Runs the hooks of one turn; null where nobody could register any.
  void (*run_hooks)(hook_turn) = nullptr;
  /// For the dump of all threads that is written where a deadline ends the process; null: there is none.
  void (*prepare_dump)() = nullptr;
  void (*write_dump)(int descriptor, steady_time until) = nullptr;
};

extern exit_policy policy;

/// On stderr, or to `policy.report_line`. Async-signal-safe.
void report_line(std::string_view line) noexcept;

}  // namespace curfew::inline v1::detail

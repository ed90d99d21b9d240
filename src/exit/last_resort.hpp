// SPDX-License-Identifier: Apache-2.0
// Ending the process without its static destructors: when they cannot finish, or must not begin.
#pragma once

#include "exit/probe_thread.hpp"

#include <string_view>

namespace curfew::inline v1::detail {

/// The probe thread that writes out the streams in the end; made before anything is frozen.
void provide_probe_thread(probe_thread*) noexcept;
probe_thread* provided_probe_thread() noexcept;

/// Has the process's streams closed behind the last destructor. As early as can be: handlers run last made first.
void register_end_of_exit() noexcept;
/// In the child of a fork nobody ends the process.
void forget_last_resort_after_fork() noexcept;

/// What is said of an end, in one line, when it is known what has become of the output.
struct final_line {
  std::string_view why{};  ///< nothing is said if it is empty
  /// What is left out, should anything be left; without it the output is mentioned only if it was not written whole.
  std::string_view skipped{};
  std::string_view report{};  ///< exit_options::report, if the line goes there too
};

/// Writes out stdout and std::cout, however slow their reader is: while nobody is frozen. Not if another thread is at
/// stdout.
void write_out_stdout() noexcept;

/// Writes out what stdio and std::cout hold, within a bound, says why, and ends the process. Allocates nothing and
/// takes no lock itself. The first caller's status wins; others wait for the end.
[[noreturn]] void end_process(int status, const final_line&) noexcept;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
// Ending the process without its static destructors: when they cannot finish, or must not begin.
#pragma once

#include "exit/probe_thread.hpp"

#include <string_view>

namespace curfew::inline v1::detail {

/// Provides the probe thread that writes out the streams in the end. It is made before anything is frozen.
void provide_probe_thread(probe_thread*) noexcept;
probe_thread* provided_probe_thread() noexcept;

/// Arranges that the process's streams are written out after the last destructor. Call it as early as possible, because
/// the handler that is registered first runs last.
void register_end_of_exit() noexcept;
/// In the child of a fork no thread is ending the process.
void forget_last_resort_after_fork() noexcept;

/// What one line says about an end, once it is known what has become of the output.
struct final_line {
  std::string_view why{};  ///< nothing is said if it is empty
  /// What is skipped, if anything is; without it the output is mentioned only if not all of it was written.
  std::string_view skipped{};
  std::string_view report{};  ///< exit_options::report, if the line goes there too
};

/// Writes out stdout and std::cout, however slow their reader is, while no thread is frozen. Does nothing if another
/// thread is using stdout.
void write_out_stdout() noexcept;

/// Writes out what stdio and std::cout hold, within a time limit, says why, and ends the process. Allocates nothing and
/// takes no lock itself. The first caller's status wins; others wait for the end.
[[noreturn]] void end_process(int status, const final_line&) noexcept;

}  // namespace curfew::inline v1::detail

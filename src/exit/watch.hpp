// SPDX-License-Identifier: Apache-2.0
// Step 7, and the deadline: a helper thread that makes sure that the exit comes to its end.
#pragma once

#include <curfew/exit.hpp>

#include "exit/probe_thread.hpp"

namespace curfew::inline v1::detail {

/// Makes the watch, if there is none. It ends the process when the deadline passes, and, once `watch_destructors` has
/// been called, when the exiting thread is found to wait for a frozen one or the limit passes. Returns false if there
/// is no thread for it: a timer then keeps the deadline, without the line that the watch would have written.
bool start_watch() noexcept;
/// Sees to it that there is a watch some milliseconds from now. Most exits are over by then, and a thread costs a tenth
/// of a millisecond. The probe thread makes the watch if threads are being frozen at that moment, and becomes it if the
/// destructors run. Returns false if there is neither.
bool have_watch_soon(probe_thread*) noexcept;
/// Makes it at once if it was to come soon: the probe thread has something to do that it may get stuck in. While no
/// thread is frozen, or the C library's locks are known to be free.
void do_not_wait_for_watch() noexcept;
/// The calling thread goes on to the static destructors.
void watch_destructors() noexcept;

void forget_watch_after_fork() noexcept;

/// The options that the exit was begun with. For the watch's thread.
const exit_options& options_of_watch() noexcept;

/// The end by the deadline: says so, and ends the process with `deadline_status`.
[[noreturn]] void end_at_deadline(const exit_options&) noexcept;

}  // namespace curfew::inline v1::detail

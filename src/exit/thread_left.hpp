// SPDX-License-Identifier: Apache-2.0
// What it means for the exit that a thread ends: main by pthread_exit, or the thread that runs the exit.
#pragma once

namespace curfew::inline v1::detail {

/// From then on. Once.
void watch_ends_of_threads() noexcept;

// What main's end by pthread_exit means, before any exit (exit_policy::main_has_left).
/// The process goes on until the last thread that is no daemon has ended, then exits with 0 (POSIX; the JVM's rule for
/// daemons). Regular threads the exit waits for itself. Does not return.
void exit_after_the_last_thread();
/// The C library calls exit on the last thread: the rule of programs that know nothing of daemons. Nothing is left of
/// main that could be frozen.
void leave_exit_to_the_last_thread();

/// At the very end of the calling thread. If it runs the exit, an exit handler has ended it (pthread_exit, or it was
/// cancelled), and does not come back: the exit goes on with the next handler, here, because whoever could go on in
/// its place is frozen. It then does not return.
void go_on_with_own_exit();

}  // namespace curfew::inline v1::detail

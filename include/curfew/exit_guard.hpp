// SPDX-License-Identifier: Apache-2.0
// For a `main` whose local objects are used by threads that outlive it.
#pragma once

#include <curfew/forward.hpp>

namespace curfew {
inline namespace v1 {

/// Runs the exit before the local objects of `main` are destroyed. Declare one in `main`, behind the objects that
/// daemons use:
///
///     int main() {
///       curfew::blocking_queue<job> jobs;
///       curfew::exit_guard guard;                    // behind the objects, before the threads
///       curfew::thread worker({.daemon = true}, [&] { while (auto j = jobs.pop()) run(*j); });
///       …
///     }                                              // here: hooks, regular threads, daemons frozen; then `jobs` dies
///
/// Without it the exit begins when `main` has returned, and a daemon runs on while the locals of `main` are destroyed.
/// There are other ways: make such objects `static`, end the threads in a `thread_scope`, or leave `main` by
/// `std::exit`, which destroys no locals.
///
/// When the guard is destroyed, by `return`, at the end of its block, or by an exception that passes it, steps 2 to 6
/// of the exit run (exit.hpp): hooks, waiting for regular threads, stop requests and shields, the freeze. From there on
/// the program is in its exit: it cannot start a thread (`exit_in_progress`) or register a hook, and daemons execute
/// nothing any more. Then the objects that were declared before the guard are destroyed, and static ones at the exit of
/// the process as usual. So the guard should be one of the last things that `main` leaves: whatever `main` does after
/// it, including destructors, belongs to step 7, where `exit_options::destructor_limit` and a deadline end a process
/// that takes too long or waits for what a frozen thread holds. The status is then `deadline_status`, because `main`
/// has not returned its own; the remaining destructors are skipped.
///
/// What the guard does in other situations:
///   - `std::exit`, a signal or `std::terminate` while it exists: nothing. Neither the guard nor the locals of `main`
///     are destroyed.
///   - An exception that nobody catches: the standard leaves open whether locals, and so the guard, are destroyed
///     before std::terminate.
///   - The later exit: hooks do not run again. The exit waits for, or freezes, threads that were started since by other
///     means or that the guard could not end.
///   - A deadline that passes in the guard: the process ends with `deadline_status`, as in the exit.
///   - Another guard or `finish()` came before: it does what the later exit does. A later `finish()` returns the report
///     of the guard.
///   - Another thread calls `std::exit` before it: the calling thread is frozen in the guard.
///   - Another thread calls `std::exit` after it: that thread is frozen; the status is that of `main`.
///   - It is destroyed on a thread other than the main one: it acts like `finish()` there, without its errors; `main`
///     and the calling thread go on. Inside a hook it does nothing.
///   - `exit_options::daemons` is `skip_destructors`: daemons are frozen, the locals of `main` are destroyed, and
///     statics are not.
///   - A daemon cannot be frozen: the locals of `main` are destroyed while it runs, and statics are not destroyed (a
///     line on stderr says so).
///
/// The report of `exit_options::report` is written when the guard's steps are done; the exit writes a second line only
/// if there was something left to do. `return wait_for_exit();` works with a guard as without.
///
/// It costs nothing until it is destroyed, and throws nothing. Do not use it in signal handlers.
class [[nodiscard]] CURFEW_API exit_guard {
 public:
  exit_guard() noexcept;
  ~exit_guard();
  exit_guard(const exit_guard&) = delete;
  exit_guard& operator=(const exit_guard&) = delete;
};

}  // namespace v1
}  // namespace curfew

// SPDX-License-Identifier: Apache-2.0
// For a `main` whose own local objects are used by threads that outlive it.
#pragma once

#include <curfew/forward.hpp>

namespace curfew {
inline namespace v1 {

/// The exit before `main`'s local objects die. Declare one in `main`, behind the objects that daemons use:
///
///     int main() {
///       curfew::blocking_queue<job> jobs;
///       curfew::exit_guard guard;                    // behind the objects, before the threads
///       curfew::thread worker({.daemon = true}, [&] { while (auto j = jobs.pop()) run(*j); });
///       …
///     }                                              // here: hooks, regular threads, daemons frozen; then `jobs` dies
///
/// Without it the exit begins when `main` has returned, and a daemon runs on while `main`'s locals are destroyed. The
/// other ways: make such objects `static`; end the threads in a `thread_scope`; leave `main` by `std::exit`, which
/// destroys no locals.
///
/// When the guard is destroyed, by `return`, at the end of its block, or by an exception that passes it, steps 2 to 6
/// of the exit run (exit.hpp): hooks, waiting for regular threads, stop requests and shields, the freeze. From there on
/// the program is in its exit: no thread can be started (`exit_in_progress`), no hook registered, and a daemon executes
/// nothing any more. The objects that were declared before the guard are destroyed then, and static ones at the
/// process's exit as ever. So make it one of the last things that `main` leaves: what `main` does behind it,
/// destructors included, is done in step 7, where `exit_options::destructor_limit`, and a deadline, end a process that
/// takes too long or waits for what a frozen thread holds. The status is `deadline_status` then, because `main` has not
/// returned its own; destructors that are left are skipped.
///
/// What else may happen, and what the guard does then:
///   - `std::exit`, a signal or `std::terminate` while it lives: nothing. It is not destroyed, and `main`'s locals are
///     not either.
///   - An exception that nobody catches: as the standard has it for all locals. Perhaps it is not destroyed before
///     std::terminate.
///   - The exit, later: hooks do not run again. Threads that were started since by other means, or that the guard could
///     not end, are waited for or frozen.
///   - A deadline that passes in it: the process ends with `deadline_status`, as in the exit.
///   - Another guard or `finish()` came before: as the exit, later. `finish()` after it returns what the guard did.
///   - Another thread calls `std::exit` before it: the calling thread is frozen in the guard.
///   - Another thread calls `std::exit` after it: that thread is frozen; the status is `main`'s.
///   - It is destroyed on another thread than the main one: as `finish()` there, without its errors; `main` and the
///     calling thread go on. Inside a hook: nothing.
///   - `exit_options::daemons` is `skip_destructors`: daemons are frozen, `main`'s locals are destroyed, statics are
///     not.
///   - A daemon cannot be frozen: `main`'s locals are destroyed beside it, statics are not (a line on stderr says so).
///
/// The report of `exit_options::report` is written when the guard's steps are done, with a second line at the exit only
/// if there was something left to do. `return wait_for_exit();` with a guard is as without.
///
/// Costs nothing until it is destroyed. Throws nothing. Not for signal handlers.
class [[nodiscard]] CURFEW_API exit_guard {
 public:
  exit_guard() noexcept;
  ~exit_guard();
  exit_guard(const exit_guard&) = delete;
  exit_guard& operator=(const exit_guard&) = delete;
};

}  // namespace v1
}  // namespace curfew

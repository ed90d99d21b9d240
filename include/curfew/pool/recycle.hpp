// SPDX-License-Identifier: Apache-2.0
// Short-lived threads without the price of a thread.
#pragma once

#include <curfew/forward.hpp>
#include <curfew/pool/thread_pool.hpp>

#include <type_traits>
#include <utility>

namespace curfew {
inline namespace v1 {

namespace detail {
/// This pool is never destroyed. It has as many workers as there are tasks, so that no task waits for another.
[[nodiscard]] CURFEW_API thread_pool& recycling_pool();
}  // namespace detail

/// Runs `f(args...)` at once, as a thread of its own would, on an idle worker or, if all are busy, on a new one: it
/// never waits for another task to end. A worker ends after ten seconds without work.
///
/// Unlike the thread of a `curfew::thread`, the worker is used again. What the previous task left in `thread_local`
/// objects is still there, and their destructors run when the worker ends, not when `f` returns. The same is true of
/// what a task changed in the thread itself: its name, signal mask, priority, locale, floating-point mode. Use a
/// `curfew::thread` if that matters.
///
/// The end of the program waits for the task as for a regular thread; a task of `recycle(at_exit::abandon, f)` counts
/// as a daemon instead.
/// Errors: those of `thread_pool::submit`; `resource_unavailable_try_again` also if all workers are busy and the system
/// cannot make a thread. Any thread may call it, but no signal handler.
template <class F, class... Args>
requires(!std::same_as<std::remove_cvref_t<F>, at_exit>)  //
    auto recycle(F&& f, Args&&... args) {
  return detail::recycling_pool().submit(at_exit::finish, std::forward<F>(f), std::forward<Args>(args)...);
}
template <class F, class... Args>
auto recycle(at_exit kind, F&& f, Args&&... args) {
  return detail::recycling_pool().submit(kind, std::forward<F>(f), std::forward<Args>(args)...);
}

}  // namespace v1
}  // namespace curfew

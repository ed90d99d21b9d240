// SPDX-License-Identifier: Apache-2.0
// What becomes of a task that was submitted to a pool.
#pragma once

#include <curfew/detail/parking.hpp>
#include <curfew/detail/task_result.hpp>
#include <curfew/forward.hpp>

#include <chrono>
#include <future>
#include <stop_token>
#include <utility>

namespace curfew {
inline namespace v1 {

/// The result of a task, as `thread_pool::submit` and `recycle` return it. It is used as a `std::future` is, and turns
/// into one, but costs less: the task and its result share one piece of memory, and the kernel is called only if a
/// thread sleeps until the result is there.
///
///     curfew::future<int> sum = pool.submit(add, 1, 2);
///     std::future<int> other = pool.submit(add, 3, 4);   // for code that wants one
///     int all = sum.get() + other.get();
///
/// The destructor does not wait: the task goes on without it.
///
/// `get`, `wait`, `wait_for` and `wait_until` do not end when their thread is asked to stop, because a caller of `get`
/// cannot go on without a result; `wait(token)` does.
///
/// Before a thread sleeps here it looks for the result for some microseconds, at most 50, if the machine has more than
/// one processor. It looks for a shorter time if it has found nothing in its last waits.
///
/// Errors: all members but `valid` throw `std::future_error` with `no_state` if there is no task (as after `get`).
/// Thread safety: different futures are independent. Of the same future, only `valid` and the waits may be called by
/// several threads at once. In the child of a fork the future of a task that had not ended never becomes ready, and a
/// daemon that is frozen in a wait holds nothing. No member may be called in a signal handler.
template <class R>
class [[nodiscard]] future {
 public:
  future() noexcept = default;
  future(future&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  future& operator=(future&& other) noexcept {
    future(std::move(other)).swap(*this);
    return *this;
  }
  ~future() {
    if (state_ != nullptr) detail::give_up(state_);
  }

  /// Whether it has a task: not if it was made without one, was moved from, or `get` was called.
  [[nodiscard]] bool valid() const noexcept { return state_ != nullptr; }

  /// Waits for the task and returns its result, or throws its exception, `task_dropped`, or `std::future_error` with
  /// `broken_promise` if the task has ended its thread. Afterwards `valid()` is false.
  R get() {
    const future last(std::move(*this));
    detail::wait_for_result(last.state());
    return last.state_->take();
  }

  void wait() const { detail::wait_for_result(state()); }
  /// Returns true if the result is there, and false if a stop was requested before.
  bool wait(const std::stop_token& stop) const {
    return detail::wait_for_result(state(), &stop, detail::steady_time::max()) == detail::wait_end::ready;
  }
  /// Returns `ready` or `timeout`. A limit of zero or less polls once; a duration too large to represent means no
  /// limit.
  template <class Rep, class Period>
  std::future_status wait_for(const std::chrono::duration<Rep, Period>& limit) const {
    if (state().is_done()) return std::future_status::ready;
    if (!(limit > limit.zero())) return std::future_status::timeout;
    return wait_until_steady(detail::steady_deadline(limit));
  }
  template <class Clock, class Duration>
  std::future_status wait_until(const std::chrono::time_point<Clock, Duration>& at) const {
    std::future_status status = std::future_status::timeout;
    detail::until(at, [&](detail::steady_time slice) {
      status = wait_until_steady(slice);
      return status == std::future_status::ready;
    });
    return status;
  }

  /// A `std::future` in its place, which the end of the task makes ready. Allocates memory. If moving the result
  /// throws, the `std::future` holds that exception.
  operator std::future<R>() && {  // NOLINT(google-explicit-constructor): in place of one, it is used as one
    static_cast<void>(state());
    auto* const then = new detail::promise_keeper<R>;
    std::future<R> made = then->promise.get_future();
    detail::continue_with(std::exchange(state_, nullptr), then);
    return made;
  }
  std::shared_future<R> share() { return std::future<R>(std::move(*this)).share(); }

  void swap(future& other) noexcept { std::swap(state_, other.state_); }

 private:
  friend class thread_pool;
  explicit future(detail::result_of<R>* state) noexcept : state_(state) {}

  detail::result_of<R>& state() const {
    if (state_ == nullptr) detail::throw_no_state();
    return *state_;
  }
  std::future_status wait_until_steady(detail::steady_time deadline) const {
    const std::stop_token nobody;
    return detail::wait_for_result(state(), &nobody, deadline) == detail::wait_end::ready ? std::future_status::ready
                                                                                          : std::future_status::timeout;
  }

  detail::result_of<R>* state_ = nullptr;
};

}  // namespace v1
}  // namespace curfew

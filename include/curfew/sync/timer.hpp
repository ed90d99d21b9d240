// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/detail/parking.hpp>
#include <curfew/error.hpp>
#include <curfew/source.hpp>

#include <curfew/detail/function.hpp>
#include <curfew/detail/shared_ptr.hpp>
#include <optional>
#include <string_view>
#include <utility>

namespace curfew {
inline namespace v1 {

struct timer_options {
  /// Call the function again and again instead of once.
  bool periodic = false;
  /// True: the end of the program does not wait for the timer. Default: as the thread that makes the timer.
  /// Danger: a daemon's call may be frozen at any point; put a shield around what must be whole.
  std::optional<bool> daemon{};
  /// Give this timer a thread of its own, so that a long call delays no other timer. Otherwise one thread serves all
  /// regular timers of the process, and one serves all daemon timers; they are started when they are first needed.
  bool own_thread = false;
  /// The name of that thread; see `thread_options::name`.
  std::string_view name{};
  source created_at = source::here();
};

/// Calls a function later, once or periodically. (Python: `threading.Timer`, with one thread for each timer.)
///
///     curfew::timer reminder(30s, remind);
///     curfew::timer beat({.periodic = true, .daemon = true}, 1s, send_heartbeat);
///     if (reminder.cancel()) …   // it will not be called
///
/// The function is called on the timers' thread, one call after the other: it should be short, or have `own_thread`.
/// Periodic calls keep to multiples of the interval; those that are missed because a call took longer are left out. An
/// exception that leaves the function goes to the exception hook, like one that leaves a thread; a periodic timer goes
/// on, even if the function ends its thread (`pthread_exit`). When it calls `std::exit`, which does not come
/// back, `join` does not wait for it any longer than until the exit asks threads to stop.
///
/// The end of the program waits for a regular timer that calls once until it has (cancel it in a `before_wait` hook if
/// it should not). Periodic ones end when the exit asks threads to stop, after the call that is under way; so do all
/// daemon timers. A regular timer's function that runs then finds its thread asked to stop; a daemon timer's is not
/// asked, as no daemon is that nobody told to listen.
///
/// Destroying the handle, or assigning to it, gives it up: the timer goes on. What the function refers to must live
/// longer than the timer: call `cancel()` and then `join()` before you destroy it.
///
/// | call         | no timer           | pending          | being called                  | over  |
/// |--------------|--------------------|------------------|-------------------------------|-------|
/// | `cancel`     | false              | true: never      | periodic: true, the last call | false |
/// | `join`       | `invalid_argument` | waits            | waits                         | true  |
/// | `is_alive`   | false              | true             | true                          | false |
///
/// Errors: `std::system_error` with `invalid_argument` for a negative interval, one too large to count, a periodic one
/// of zero, and an empty function; `resource_unavailable_try_again` if the system gives no thread;
/// `resource_deadlock_would_occur` for a `join` in the function itself, and for one without a limit in that of another
/// timer of the same thread; `exit_in_progress` in `phase::frozen`.
///
/// Thread safety: as a std::thread handle, but `cancel`, `join…` and the const members may be called by many threads at
/// once. After a fork the child's timers are over; their functions are not destroyed there. Not for signal handlers.
class CURFEW_API timer {
 public:
  timer() noexcept = default;
  /// Calls `f()` once, after `interval`.
  template <class Rep, class Period>
  timer(const std::chrono::duration<Rep, Period>& interval, std::function<void()> f, source at = source::here())
      : timer(timer_options{.created_at = at}, interval, std::move(f)) {}
  template <class Rep, class Period>
  timer(const timer_options& options, const std::chrono::duration<Rep, Period>& interval, std::function<void()> f) {
    const auto whole = detail::saturated(interval);
    const bool in_range = interval >= interval.zero() && whole != std::chrono::nanoseconds::max();  // NaN is not
    start(options, in_range, whole, std::move(f));
  }

  /// Returns true if this call prevents a (further) call of the function. A call that is under way goes on; `join()`
  /// waits for its end.
  bool cancel() noexcept;
  /// Returns true while the function will be called, or is being called.
  [[nodiscard]] bool is_alive() const noexcept;

  /// Waits until the timer is over: called once or cancelled, and the last call has returned. Returns false if a stop
  /// was requested, through the given token or else that of the curfew thread that waits.
  bool join() { return join_until_steady(nullptr, detail::steady_time::max()); }
  bool join(const std::stop_token& stop) { return join_until_steady(&stop, detail::steady_time::max()); }
  /// The same with a limit: returns false also if the limit has passed. Negative: polls once. Too large to count: for
  /// ever.
  template <class Rep, class Period>
  bool join_for(const std::chrono::duration<Rep, Period>& limit) {
    return join_until_steady(nullptr, detail::steady_deadline(limit));
  }
  template <class Rep, class Period>
  bool join_for(const std::stop_token& stop, const std::chrono::duration<Rep, Period>& limit) {
    return join_until_steady(&stop, detail::steady_deadline(limit));
  }
  /// Setting the clock during the wait does not move the limit.
  template <class Clock, class Duration>
  bool join_until(const std::chrono::time_point<Clock, Duration>& at) {
    return join_until_steady(nullptr, detail::steady_moment(at));
  }
  template <class Clock, class Duration>
  bool join_until(const std::stop_token& stop, const std::chrono::time_point<Clock, Duration>& at) {
    return join_until_steady(&stop, detail::steady_moment(at));
  }

 private:
  void start(const timer_options&, bool in_range, std::chrono::nanoseconds interval, std::function<void()>&&);
  bool join_until_steady(detail::stop_choice, detail::steady_time);

  std::shared_ptr<detail::timer_entry> entry_;
};

}  // namespace v1
}  // namespace curfew

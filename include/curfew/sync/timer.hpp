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
  /// True: the end of the program does not wait for the timer. Default: inherited from the thread that makes the timer.
  /// Danger: a daemon's call may be frozen at any point; put a shield around work that must not be interrupted halfway.
  std::optional<bool> daemon{};
  /// Give this timer a thread of its own, so that a long call delays no other timer. Otherwise one thread serves all
  /// regular timers of the process, and one serves all daemon timers; they are started when they are first needed.
  bool own_thread = false;
  /// The name of that thread; see `thread_options::name`.
  std::string_view name{};
  source created_at = source::here();
};

/// Calls a function later, once or periodically. (Python: `threading.Timer`, which has one thread for each timer.)
///
///     curfew::timer reminder(30s, remind);
///     curfew::timer beat({.periodic = true, .daemon = true}, 1s, send_heartbeat);
///     if (reminder.cancel()) …   // it will not be called
///
/// The function is called on the timers' thread, one call after another, so it should be short or have `own_thread`.
/// Periodic calls keep to multiples of the interval; those that are missed because a call took longer are skipped. An
/// exception that leaves the function goes to the exception hook, like one that leaves a thread; a periodic timer goes
/// on, even if the function ends its thread (`pthread_exit`). If the function calls `std::exit`, which does not return,
/// `join` waits for it only until the exit asks threads to stop.
///
/// The end of the program waits for the call of a regular timer that calls once (cancel it in a `before_wait` hook if
/// it should not be waited for). Periodic timers and all daemon timers end when the exit asks threads to stop, after
/// the call that is under way. If the function of a regular timer runs then, its thread has been asked to stop; that of
/// a daemon timer is not asked, because the exit asks no daemon that was not told to listen.
///
/// Destroying the handle, or assigning to it, gives up the handle: the timer goes on. What the function refers to must
/// outlive the timer: before you destroy it, call `cancel()` and then `join()`.
///
/// | call         | no timer           | pending          | being called                  | over  |
/// |--------------|--------------------|------------------|-------------------------------|-------|
/// | `cancel`     | false              | true: never      | periodic: true, the last call | false |
/// | `join`       | `invalid_argument` | waits            | waits                         | true  |
/// | `is_alive`   | false              | true             | true                          | false |
///
/// Errors: `std::system_error` with `invalid_argument` for an interval that is negative or too large to represent, for
/// a periodic timer with an interval of zero, and for an empty function; `resource_unavailable_try_again` if the system
/// cannot make a thread; `resource_deadlock_would_occur` for a `join` in the function itself, and for a `join` without
/// a limit in the function of another timer on the same thread; `exit_in_progress` in `phase::frozen`.
///
/// Thread safety: that of a std::thread handle, except that many threads may call `cancel`, `join…` and the const
/// members at once. After a fork the child's timers are over; their functions are not destroyed there. Do not use it in
/// signal handlers.
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
  /// waits until it has returned.
  bool cancel() noexcept;
  /// Returns true while the function is being called or is still to be called.
  [[nodiscard]] bool is_alive() const noexcept;

  /// Waits until the timer is over: called once or cancelled, and the last call has returned. Returns false if a stop
  /// was requested, through the given token or else that of the curfew thread that waits.
  bool join() { return join_until_steady(nullptr, detail::steady_time::max()); }
  bool join(const std::stop_token& stop) { return join_until_steady(&stop, detail::steady_time::max()); }
  /// The same with a limit: also returns false if the limit has passed. A negative limit polls once; one too large to
  /// represent means no limit.
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

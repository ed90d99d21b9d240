// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/detail/parking.hpp>

#include <concepts>
#include <system_error>
#include <type_traits>

namespace curfew {
inline namespace v1 {

namespace detail {
/// Throws the std::system_error. It is not defined in the header, because users may build without exceptions.
[[noreturn]] CURFEW_API void misuse(std::errc code, const char* what);
}  // namespace detail

/// A condition variable for any lock, like std::condition_variable_any. (Python: `threading.Condition`.)
///
///     std::unique_lock lock(mutex);
///     if (!changed.wait(lock, [&] { return !jobs.empty(); })) return;   // asked to stop
///
/// Unlike with the standard's, a stop request ends every wait, even one without a predicate (a request to the given
/// token, or else to the token of the curfew thread that waits). There are no spurious wake-ups: a wait without a
/// predicate ends by `notify`, by a stop request or by its limit. The lock may be of any type with `lock` and `unlock`;
/// it is held again when a wait returns or throws.
///
/// Limits: a limit of zero or less polls once; a duration too large to represent means no limit.
///
/// Errors: `std::system_error` with `operation_not_permitted` if a wait is given a lock that is not held and can say so
/// (`owns_lock`). Notifying without the lock is allowed. `event` says what happens when a condition is destroyed while
/// a thread waits on it.
///
/// Thread safety: all members but the destructor may be called by many threads at once. A daemon that is frozen in a
/// wait does not hold the lock, and does not consume a `notify_one`. After a fork the child can use the condition. Do
/// not use it in signal handlers.
class CURFEW_API condition {
 public:
  constexpr condition() noexcept = default;
  condition(const condition&) = delete;
  condition& operator=(const condition&) = delete;
  ~condition() {
    if (waiting_.load(std::memory_order_relaxed) != 0) detail::end_of_address(this, "a condition");
  }

  void notify_one() noexcept {
    if (waiting_.load() != 0) wake(1);
  }
  void notify_all() noexcept {
    if (waiting_.load() != 0) wake(~0U);
  }

  /// Returns true if it was notified, and false if a stop was requested.
  template <class Lock>
  [[nodiscard]] bool wait(Lock& lock) {
    return wait_once(lock, nullptr, detail::steady_time::max());
  }
  template <class Lock>
  [[nodiscard]] bool wait(Lock& lock, const std::stop_token& stop) {
    return wait_once(lock, &stop, detail::steady_time::max());
  }
  /// Waits until the predicate, which is called under the lock, returns true. Returns its last result, which is false
  /// only if a stop was requested.
  template <class Lock, std::predicate Predicate>
  [[nodiscard]] bool wait(Lock& lock, Predicate predicate) {
    return wait_while_not(lock, nullptr, detail::steady_time::max(), predicate);
  }
  template <class Lock, std::predicate Predicate>
  [[nodiscard]] bool wait(Lock& lock, const std::stop_token& stop, Predicate predicate) {
    return wait_while_not(lock, &stop, detail::steady_time::max(), predicate);
  }

  /// The same with a limit: also returns false if the limit has passed.
  template <class Lock, class Rep, class Period>
  [[nodiscard]] bool wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& limit) {
    return wait_once(lock, nullptr, detail::steady_deadline(limit));
  }
  template <class Lock, class Rep, class Period>
  [[nodiscard]] bool wait_for(Lock& lock, const std::stop_token& stop,
                              const std::chrono::duration<Rep, Period>& limit) {
    return wait_once(lock, &stop, detail::steady_deadline(limit));
  }
  template <class Lock, class Rep, class Period, std::predicate Predicate>
  [[nodiscard]] bool wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& limit, Predicate predicate) {
    return wait_while_not(lock, nullptr, detail::steady_deadline(limit), predicate);
  }
  template <class Lock, class Rep, class Period, std::predicate Predicate>
  [[nodiscard]] bool wait_for(Lock& lock, const std::stop_token& stop, const std::chrono::duration<Rep, Period>& limit,
                              Predicate predicate) {
    return wait_while_not(lock, &stop, detail::steady_deadline(limit), predicate);
  }

  /// Setting the clock during the wait does not move the limit.
  template <class Lock, class Clock, class Duration>
  [[nodiscard]] bool wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& at) {
    return wait_once(lock, nullptr, detail::steady_moment(at));
  }
  template <class Lock, class Clock, class Duration>
  [[nodiscard]] bool wait_until(Lock& lock, const std::stop_token& stop,
                                const std::chrono::time_point<Clock, Duration>& at) {
    return wait_once(lock, &stop, detail::steady_moment(at));
  }
  template <class Lock, class Clock, class Duration, std::predicate Predicate>
  [[nodiscard]] bool wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& at, Predicate predicate) {
    return wait_while_not(lock, nullptr, detail::steady_moment(at), predicate);
  }
  template <class Lock, class Clock, class Duration, std::predicate Predicate>
  [[nodiscard]] bool wait_until(Lock& lock, const std::stop_token& stop,
                                const std::chrono::time_point<Clock, Duration>& at, Predicate predicate) {
    return wait_while_not(lock, &stop, detail::steady_moment(at), predicate);
  }

 private:
  /// Takes the lock again, however the wait ends.
  template <class Lock>
  struct unlocked {
    Lock& lock;
    explicit unlocked(Lock& l) : lock(l) { lock.unlock(); }
    unlocked(const unlocked&) = delete;
    unlocked& operator=(const unlocked&) = delete;
    ~unlocked() { lock.lock(); }
  };

  template <class Lock>
  static void must_be_held(const Lock& lock) {
    if constexpr (requires { lock.owns_lock(); })
      if (!lock.owns_lock())
        detail::misuse(std::errc::operation_not_permitted, "curfew: condition: a wait needs the lock to be held");
  }

  template <class Lock>
  bool wait_once(Lock& lock, detail::stop_choice stop, detail::steady_time deadline) {
    must_be_held(lock);
    return sleep(lock, stop, deadline) == detail::wait_end::ready;
  }

  template <class Lock, class Predicate>
  bool wait_while_not(Lock& lock, detail::stop_choice stop, detail::steady_time deadline, Predicate& predicate) {
    must_be_held(lock);
    while (!predicate())
      if (sleep(lock, stop, deadline) != detail::wait_end::ready) return predicate();
    return true;
  }

  template <class Lock>
  detail::wait_end sleep(Lock& lock, detail::stop_choice stop, detail::steady_time deadline) {
    detail::parking_place place;
    place.enter(this, &waiting_);
    const unlocked<Lock> meanwhile(lock);
    return place.sleep_and_leave(stop, deadline);
  }

  void wake(std::uint32_t most) noexcept;

  std::atomic<std::uint32_t> waiting_{0};
};

}  // namespace v1
}  // namespace curfew

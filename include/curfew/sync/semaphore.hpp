// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/detail/parking.hpp>

#include <cstddef>

namespace curfew {
inline namespace v1 {

/// A number of permits that threads take and give back. (Python: `threading.BoundedSemaphore`; with `max()` as its
/// bound `threading.Semaphore`.)
///
///     curfew::bounded_semaphore connections(4);
///     if (curfew::permit p(connections); p) use_one();   // false: asked to stop, and none was taken
///
/// Unlike std::counting_semaphore, a stop request ends every wait (a request to the given token, or else to the token
/// of the curfew thread that waits), and giving back more permits than were taken is an error. Threads get permits in
/// the order in which they asked. A wait that finds a permit takes it even if a stop was requested.
///
/// Limits: a limit of zero or less polls once; a duration too large to represent means no limit.
///
/// Errors: `std::system_error` with `invalid_argument` for a negative number of permits, for a bound above `max()`, for
/// an initial number above the bound, and for a release of less than 1; with `operation_not_permitted` for a release
/// above the bound, which releases nothing. `event` says what happens when a semaphore is destroyed while a thread
/// waits on it.
///
/// Thread safety: all members but the destructor may be called by many threads at once; any thread may give back a
/// permit. A daemon that is frozen in a wait holds nothing, and gets no more permits. After a fork the child can use
/// the semaphore. Do not use it in signal handlers.
class CURFEW_API bounded_semaphore {
 public:
  [[nodiscard]] static constexpr std::ptrdiff_t max() noexcept { return 0x7fffffff; }

  /// Starts with `initial` permits, which is also the bound.
  explicit bounded_semaphore(std::ptrdiff_t initial = 1) : bounded_semaphore(initial, initial) {}
  /// Starts with `initial` permits, and never has more than `bound`.
  bounded_semaphore(std::ptrdiff_t initial, std::ptrdiff_t bound);
  bounded_semaphore(const bounded_semaphore&) = delete;
  bounded_semaphore& operator=(const bounded_semaphore&) = delete;
  ~bounded_semaphore() {
    if ((state_.load(std::memory_order_relaxed) & waited_for) != 0) detail::end_of_address(this, "a bounded_semaphore");
  }

  /// Gives back `permits`, at least 1.
  void release(std::ptrdiff_t permits = 1);
  /// Returns how many permits are free at the moment.
  [[nodiscard]] std::ptrdiff_t value() const noexcept { return state_.load(std::memory_order_relaxed) & ~waited_for; }

  /// Takes a permit. Returns false if a stop was requested.
  [[nodiscard]] bool acquire() { return acquire_until_steady(nullptr, detail::steady_time::max()); }
  [[nodiscard]] bool acquire(const std::stop_token& stop) {
    return acquire_until_steady(&stop, detail::steady_time::max());
  }
  /// The same without waiting, or with a limit: also returns false if there is no permit, or if the limit has passed.
  [[nodiscard]] bool try_acquire() noexcept;
  template <class Rep, class Period>
  [[nodiscard]] bool try_acquire_for(const std::chrono::duration<Rep, Period>& limit) {
    return acquire_until_steady(nullptr, detail::steady_deadline(limit));
  }
  template <class Rep, class Period>
  [[nodiscard]] bool try_acquire_for(const std::stop_token& stop, const std::chrono::duration<Rep, Period>& limit) {
    return acquire_until_steady(&stop, detail::steady_deadline(limit));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_acquire_until(const std::chrono::time_point<Clock, Duration>& at) {
    return acquire_until_any(nullptr, at);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_acquire_until(const std::stop_token& stop,
                                       const std::chrono::time_point<Clock, Duration>& at) {
    return acquire_until_any(&stop, at);
  }

 private:
  static constexpr std::uint32_t waited_for = 0x80000000;  ///< set if a thread may wait; below it the permits

  detail::wait_end wait_until_steady(detail::stop_choice, detail::steady_time);
  bool acquire_until_steady(detail::stop_choice stop, detail::steady_time deadline) {
    return try_acquire() || wait_until_steady(stop, deadline) == detail::wait_end::ready;
  }
  template <class At>
  bool acquire_until_any(detail::stop_choice stop, const At& at) {
    return try_acquire() || detail::wait_to(at, [&](detail::steady_time slice) {
                              return wait_until_steady(stop, slice);
                            }) == detail::wait_end::ready;
  }

  std::atomic<std::uint32_t> state_;
  std::uint32_t bound_;
};

/// Holds one permit of a semaphore for a block. It is false if it took no permit because a stop was requested. If other
/// code gives the permit back, so that the end of the block is one release too many, the program terminates.
class [[nodiscard]] permit {
 public:
  explicit permit(bounded_semaphore& from) : from_(from.acquire() ? &from : nullptr) {}
  permit(bounded_semaphore& from, const std::stop_token& stop) : from_(from.acquire(stop) ? &from : nullptr) {}
  permit(const permit&) = delete;
  permit& operator=(const permit&) = delete;
  ~permit() {  // NOLINT(bugprone-exception-escape): see above
    if (from_ != nullptr) from_->release();
  }
  explicit operator bool() const noexcept { return from_ != nullptr; }

 private:
  bounded_semaphore* from_;
};

}  // namespace v1
}  // namespace curfew

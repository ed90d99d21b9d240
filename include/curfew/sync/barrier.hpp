// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/detail/parking.hpp>

#include <cstddef>
#include <curfew/detail/function.hpp>
#include <optional>
#include <stdexcept>

namespace curfew {
inline namespace v1 {

/// A wait at a barrier throws this if it can no longer be completed. (Python: `threading.BrokenBarrierError`.)
class CURFEW_API broken_barrier : public std::runtime_error {
 public:
  enum class reason : unsigned char {
    aborted = 1,    ///< `abort()` was called
    reset,          ///< `reset()` was called while this thread waited
    timed_out,      ///< a thread's limit passed
    stopped,        ///< a thread was asked to stop
    action_failed,  ///< the action threw, on the thread that called it
  };

  explicit broken_barrier(reason);
  ~broken_barrier() override;
  [[nodiscard]] reason why() const noexcept { return why_; }

 private:
  reason why_;
};

/// A point at which a fixed number of threads wait for each other, again and again. (Python: `threading.Barrier`.)
///
///     curfew::barrier rows_done(workers, [&] { swap(now, next); });
///     for (;;) { compute(my_rows); rows_done.wait(); }
///
/// Unlike a std::barrier, it can be broken, so that no thread waits for one that will never arrive. As in Python:
///   - A thread whose limit passes breaks the barrier: that thread, all that wait, and all that arrive before the next
///     `reset()` get `broken_barrier`.
///   - `abort()` breaks it.
///   - `reset()` makes it whole and empty again; threads that wait at that moment get `broken_barrier`.
///   - The last thread to arrive calls the action, if there is one, before any thread is released. An exception from
///     the action leaves `wait()` on that thread and breaks the barrier for the others.
/// A thread that is asked to stop while it waits (through the given token, or else the token of the curfew thread it
/// runs on) breaks the barrier too: it will never arrive, so the others must not wait for it.
///
/// Once all have arrived, a limit that passes while the action runs breaks nothing; a stop request or `abort()` breaks
/// the barrier; `reset()` does not affect that round. Threads that arrive while the action runs wait until it has
/// returned and then belong to the next round; one whose limit passes before that, or that is asked to stop, gets
/// `broken_barrier` and breaks nothing.
///
/// Limits: a limit of zero or less polls once, which breaks the barrier unless the caller is the last to arrive; a
/// duration too large to represent means no limit.
///
/// Errors: `std::system_error` with `invalid_argument` for fewer than one party and for a negative `timeout`. `event`
/// says what happens when a barrier is destroyed while a thread waits on it.
///
/// Thread safety: all members but the destructor may be called by many threads at once. A daemon that is frozen in a
/// wait counts as arrived, and holds nothing. After a fork the child must `reset()` the barrier: the threads that had
/// arrived do not exist there. Do not use it in signal handlers.
class CURFEW_API barrier {
 public:
  /// `timeout` is the limit of waits that are not given one. Default: none.
  explicit barrier(std::ptrdiff_t parties, std::function<void()> action = {},
                   std::optional<std::chrono::nanoseconds> timeout = {});
  barrier(const barrier&) = delete;
  barrier& operator=(const barrier&) = delete;
  ~barrier();

  /// Waits until all parties have arrived. Returns how many had arrived before the caller: 0 to parties - 1.
  std::ptrdiff_t wait() { return wait_until_steady(nullptr, default_deadline()); }
  std::ptrdiff_t wait(const std::stop_token& stop) { return wait_until_steady(&stop, default_deadline()); }
  template <class Rep, class Period>
  std::ptrdiff_t wait_for(const std::chrono::duration<Rep, Period>& limit) {
    return wait_until_steady(nullptr, detail::steady_deadline(limit));
  }
  template <class Rep, class Period>
  std::ptrdiff_t wait_for(const std::stop_token& stop, const std::chrono::duration<Rep, Period>& limit) {
    return wait_until_steady(&stop, detail::steady_deadline(limit));
  }
  /// Setting the clock during the wait does not move the limit.
  template <class Clock, class Duration>
  std::ptrdiff_t wait_until(const std::chrono::time_point<Clock, Duration>& at) {
    return wait_until_steady(nullptr, detail::steady_moment(at));
  }
  template <class Clock, class Duration>
  std::ptrdiff_t wait_until(const std::stop_token& stop, const std::chrono::time_point<Clock, Duration>& at) {
    return wait_until_steady(&stop, detail::steady_moment(at));
  }

  void abort() noexcept;
  void reset() noexcept;
  [[nodiscard]] bool broken() const noexcept;
  [[nodiscard]] std::ptrdiff_t parties() const noexcept { return parties_; }
  /// Returns how many threads wait at the moment; 0 while the barrier is broken.
  [[nodiscard]] std::ptrdiff_t n_waiting() const noexcept;

 private:
  enum class state : unsigned char { filling, acting, broken };
  using reason = broken_barrier::reason;

  std::ptrdiff_t wait_until_steady(detail::stop_choice, detail::steady_time);
  [[nodiscard]] detail::steady_time default_deadline() const {
    return timeout_ ? detail::steady_deadline(*timeout_) : detail::steady_time::max();
  }
  struct arrival;
  arrival arrive(detail::parking_place&) noexcept;
  void act(std::uint64_t round);
  std::optional<reason> end_action(std::uint64_t round, bool failed) noexcept;
  bool give_up(detail::parking_place&, detail::wait_end) noexcept;
  void end_round_locked(state, detail::at_address&, detail::woken_places&, detail::woken_places&) noexcept;
  void break_round_locked(reason, detail::at_address&, detail::woken_places&, detail::woken_places&) noexcept;
  std::uint32_t wait_for_the_others(detail::parking_place&, detail::stop_choice, detail::steady_time);
  [[nodiscard]] const void* arrival_address() const noexcept { return reinterpret_cast<const char*>(this) + 1; }

  const std::ptrdiff_t parties_;
  const std::function<void()> action_;
  const std::optional<std::chrono::nanoseconds> timeout_;
  // Under the lock of the address.
  std::ptrdiff_t come_ = 0;
  std::uint64_t round_ = 0;  ///< counts whatever ends a round
  state state_ = state::filling;
  reason why_ = reason::aborted;
};

}  // namespace v1
}  // namespace curfew

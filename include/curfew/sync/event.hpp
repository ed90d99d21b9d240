// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/detail/parking.hpp>

namespace curfew {
inline namespace v1 {

/// A flag that any number of threads can wait for. (Python: `threading.Event`.)
///
///     curfew::event ready;
///     curfew::thread worker([&] { if (ready.wait()) work(); });   // false: asked to stop
///     ready.set();
///
/// A stop request ends every wait: a request to the token that is passed to the call, or else to the token of the
/// curfew thread that waits. (The main thread has a token too, and `request_exit` asks it; a foreign thread has none.)
/// No request ends a wait that is given an empty `std::stop_token()`. A wait that finds the event set returns true even
/// if a stop was requested. `set()` releases all threads that wait at that moment, even if `clear()` follows at once.
///
/// | call       | clear                     | set          |
/// |------------|---------------------------|--------------|
/// | `set`      | set, waiters released     | nothing      |
/// | `clear`    | nothing                   | clear        |
/// | `wait`     | waits                     | true at once |
/// | destructor | with a waiter: see below  | the same     |
///
/// Limits: a limit of zero or less polls once; a duration too large to represent means no limit.
///
/// Danger: a daemon outlives `main`, and so it outlives an event that is a local of `main`. Make what daemons use
/// static, or declare an `exit_guard` (exit_guard.hpp) behind it.
///
/// Errors: destroying an event that a daemon waits on freezes that daemon there for good, with one line on stderr.
/// While any other thread waits on it, destroying it ends the program by std::terminate, with a line that says who
/// waits. In `phase::frozen` the waiters are frozen already, and destroying the event is no error. An event may be
/// destroyed as soon as the waits have returned, even while the `set()` that released them is still under way.
///
/// Thread safety: all members but the destructor may be called by many threads at once. A daemon that is frozen in a
/// wait holds nothing: static destructors may set, clear and destroy the event. After a fork the child can use it; the
/// threads that waited in the parent do not exist there. Do not use it in signal handlers.
class CURFEW_API event {
 public:
  constexpr event() noexcept = default;
  event(const event&) = delete;
  event& operator=(const event&) = delete;
  ~event() {
    if ((state_.load(std::memory_order_relaxed) & waited_for) != 0) detail::end_of_address(this, "an event");
  }

  [[nodiscard]] bool is_set() const noexcept { return (state_.load(std::memory_order_acquire) & happened) != 0; }
  void set() noexcept;
  void clear() noexcept { state_.fetch_and(~happened); }

  /// Returns true if the event is set, and false if a stop was requested.
  bool wait() { return wait_until_steady(nullptr, detail::steady_time::max()) == detail::wait_end::ready; }
  bool wait(const std::stop_token& stop) {
    return wait_until_steady(&stop, detail::steady_time::max()) == detail::wait_end::ready;
  }
  /// The same with a limit: also returns false if the limit has passed.
  template <class Rep, class Period>
  bool wait_for(const std::chrono::duration<Rep, Period>& limit) {
    return wait_until_steady(nullptr, detail::steady_deadline(limit)) == detail::wait_end::ready;
  }
  template <class Rep, class Period>
  bool wait_for(const std::stop_token& stop, const std::chrono::duration<Rep, Period>& limit) {
    return wait_until_steady(&stop, detail::steady_deadline(limit)) == detail::wait_end::ready;
  }
  template <class Clock, class Duration>
  bool wait_until(const std::chrono::time_point<Clock, Duration>& at) {
    return wait_until_any(nullptr, at);
  }
  template <class Clock, class Duration>
  bool wait_until(const std::stop_token& stop, const std::chrono::time_point<Clock, Duration>& at) {
    return wait_until_any(&stop, at);
  }

 private:
  static constexpr std::uint32_t happened = 1;
  static constexpr std::uint32_t waited_for = 2;  ///< set if a thread may wait

  detail::wait_end wait_until_steady(detail::stop_choice, detail::steady_time);
  template <class At>
  bool wait_until_any(detail::stop_choice stop, const At& at) {
    return detail::wait_to(at, [&](detail::steady_time slice) { return wait_until_steady(stop, slice); }) ==
           detail::wait_end::ready;
  }

  std::atomic<std::uint32_t> state_{0};
};

}  // namespace v1
}  // namespace curfew

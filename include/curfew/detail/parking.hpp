// SPDX-License-Identifier: Apache-2.0
// What every wait of <curfew/sync.hpp> is made of: a thread's place among those that wait at one address.
#pragma once

#include <curfew/detail/timeout.hpp>
#include <curfew/forward.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <stop_token>

namespace curfew {
inline namespace v1 {
namespace detail {

/// How a wait ended.
enum class wait_end : unsigned char { ready, stopped, timed_out };

/// Whose request to stop ends a wait; null: the calling thread's own.
using stop_choice = const std::stop_token*;

class at_address;
class woken_places;

/// A thread's place among those that wait at an address. It lies on the thread's own stack, so that waiting allocates
/// nothing, and what is waited for may be destroyed as soon as nobody waits any more.
class CURFEW_API parking_place {
 public:
  parking_place() noexcept = default;
  parking_place(const parking_place&) = delete;
  parking_place& operator=(const parking_place&) = delete;
  ~parking_place() {
    if (on_ != nullptr && !is_woken()) leave(wait_end::timed_out);
  }

  /// From now on a waking is not missed. `count`: how many wait there, kept by whoever changes it under the lock.
  void enter(const void* on, std::atomic<std::uint32_t>* count = nullptr) noexcept;
  /// Sleeps until woken, asked to stop, or `deadline`. `ready` is woken; otherwise the place is still taken.
  wait_end sleep(stop_choice, steady_time deadline);
  /// Gives up the place after a sleep that ended as `end`. A waking that was given to it meanwhile is not lost: it is
  /// `ready` then.
  wait_end leave(wait_end end) noexcept;
  wait_end sleep_and_leave(stop_choice stop, steady_time deadline) {
    const wait_end end = sleep(stop, deadline);
    return end == wait_end::ready ? end : leave(end);
  }
  /// What the thread that woke it had to say.
  [[nodiscard]] std::uint32_t message() const noexcept {
    return state_.load(std::memory_order_acquire) >> message_shift;
  }

 private:
  friend class at_address;
  friend class woken_places;
  friend struct place_waker;

  // Bits of state_, below the message.
  static constexpr std::uint32_t woken = 1;
  static constexpr std::uint32_t asked_to_stop = 2;
  static constexpr std::uint32_t object_destroyed = 4;  ///< what its daemon waits at is no more
  static constexpr int message_shift = 8;

  [[nodiscard]] bool is_woken() const noexcept { return (state_.load(std::memory_order_acquire) & woken) != 0; }

  const void* on_ = nullptr;
  bool linked_ = false;                               ///< under the lock of the address
  std::atomic<bool>* waits_for_destroyed_ = nullptr;  ///< of a daemon: it waits for what is no more
  parking_place* previous_ = nullptr;
  parking_place* next_ = nullptr;
  std::atomic<std::uint32_t>* count_ = nullptr;
  const void* cell_ = nullptr;  ///< what the freeze knows its thread by
  std::uint64_t thread_ = 0;    ///< 1 + the thread's number; 0: a foreign one
  std::atomic<std::uint32_t> state_{0};
};

/// For destructors. A daemon that waits at one of these addresses is frozen there for good, with a line on stderr,
/// since it may outlive what it uses. Anybody else who waits is an error that ends the program: a line on stderr says
/// what was destroyed and who waits, then std::terminate. In phase frozen nothing is said: who waits then is frozen, or
/// will sleep until the process is gone. Returns how many daemons were frozen.
CURFEW_API std::size_t end_of_addresses(std::initializer_list<const void*> on, const char* what) noexcept;
CURFEW_API void end_of_address(const void* on, const char* what) noexcept;

/// Nobody comes back whom it would make sense to wait for.
[[nodiscard]] CURFEW_API bool daemons_are_frozen() noexcept;
/// For who waits until others have left an object, since then: can nobody who is still inside leave it? In phase
/// frozen; and in another life (restart()) once those who could have had a tenth of a second.
[[nodiscard]] CURFEW_API bool only_frozen_are_inside(std::chrono::steady_clock::time_point since) noexcept;
/// Sleeps for some microseconds.
CURFEW_API void let_others_run() noexcept;
/// Of a thread that comes back into what is being destroyed: a daemon must not go on.
[[nodiscard]] CURFEW_API bool is_on_daemon() noexcept;
/// Freezes the calling daemon for good.
[[noreturn]] CURFEW_API void freeze_this_thread() noexcept;

/// A wait that ends early for no reason is taken up again, on any clock.
template <class Clock, class Duration, class Wait>
wait_end wait_to(const std::chrono::time_point<Clock, Duration>& at, Wait wait) {
  wait_end end = wait_end::timed_out;
  until(at, [&](steady_time slice) {
    end = wait(slice);
    return end != wait_end::timed_out;
  });
  return end;
}

/// `at` of any clock as a moment of the steady one, once: for waits that cannot be taken up again.
template <class Clock, class Duration>
steady_time steady_moment(const std::chrono::time_point<Clock, Duration>& at) {
  steady_time moment{};
  until(at, [&](steady_time slice) {
    moment = slice;
    return true;
  });
  return moment;
}

}  // namespace detail
}  // namespace v1
}  // namespace curfew

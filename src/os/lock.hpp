// SPDX-License-Identifier: Apache-2.0
// The lock that curfew uses itself. It is not a std::mutex, because lock_tracking would count that a second time, which
// is a third of what starting a thread costs beyond std::thread.
#pragma once

#include "os/futex.hpp"
#include "os/pause.hpp"

namespace curfew::inline v1::detail::os {

/// Constant-initialised, trivially destroyed, not recursive. A thread that holds it must not be frozen meanwhile.
class lock {
 public:
  /// For code that may have interrupted whoever has it.
  [[nodiscard]] bool try_acquire() noexcept {
    std::uint32_t expected = free;
    return state_.compare_exchange_strong(expected, taken, std::memory_order_acquire);
  }
  void acquire() noexcept {
    std::uint32_t expected = free;
    if (!state_.compare_exchange_strong(expected, taken, std::memory_order_acquire)) [[unlikely]]
      acquire_contended();
  }
  /// The same, for a lock that many threads want and each keeps for a few nanoseconds: looks for a moment before it
  /// sleeps.
  void acquire_soon() noexcept {
    std::uint32_t expected = free;
    if (state_.compare_exchange_strong(expected, taken, std::memory_order_acquire)) [[likely]]
      return;
    for (int tries = 0; tries < 60; ++tries) {
      pause();
      expected = free;
      if (state_.load(std::memory_order_relaxed) == free &&
          state_.compare_exchange_weak(expected, taken, std::memory_order_acquire))
        return;
    }
    acquire_contended();
  }
  void release() noexcept {
    if (state_.exchange(free, std::memory_order_release) == taken_and_awaited) [[unlikely]]
      futex_wake(state_, 1);
  }

 private:
  static constexpr std::uint32_t free = 0, taken = 1, taken_and_awaited = 2;

  [[gnu::noinline, gnu::cold]] void acquire_contended() noexcept {
    // Whoever has slept takes it as awaited: others may still sleep.
    while (state_.exchange(taken_and_awaited, std::memory_order_acquire) != free) futex_wait(state_, taken_and_awaited);
  }

  futex_word state_{free};
};

}  // namespace curfew::inline v1::detail::os

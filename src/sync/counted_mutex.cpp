// SPDX-License-Identifier: Apache-2.0
#include <curfew/detail/counted_mutex.hpp>

#include "os/defer.hpp"
#include "os/futex.hpp"

namespace curfew::inline v1::detail {
namespace {

constexpr std::uint32_t unlocked = 0, locked = 1, locked_and_awaited = 2;

}  // namespace

void counted_mutex::lock() noexcept {
  os::defer();
  std::uint32_t expected = unlocked;
  if (state_.compare_exchange_strong(expected, locked, std::memory_order_acquire)) return;
  // Whoever has slept takes it as awaited: others may still sleep.
  while (state_.exchange(locked_and_awaited, std::memory_order_acquire) != unlocked)
    os::futex_wait_for_signal(state_, locked_and_awaited);
}

void counted_mutex::unlock() noexcept {
  const os::futex_word& word = state_;
  if (state_.exchange(unlocked, std::memory_order_release) == locked_and_awaited) os::futex_wake(word, 1);
  os::allow();
}

}  // namespace curfew::inline v1::detail

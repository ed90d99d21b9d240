// SPDX-License-Identifier: Apache-2.0
#include <curfew/sync/semaphore.hpp>

#include "sync/misuse.hpp"
#include "sync/parking.hpp"

namespace curfew::inline v1 {

// While somebody waits there are no permits: they are handed to the waiters, first come first, and only what is left is
// counted. So nobody overtakes a waiter, and a waiter that was woken has its permit.

bounded_semaphore::bounded_semaphore(std::ptrdiff_t initial, std::ptrdiff_t bound) {
  if (initial < 0 || bound < initial || bound > max())
    detail::misuse(
        std::errc::invalid_argument,
        "curfew: bounded_semaphore: the initial permits must be 0 to the bound, and the bound at most max()");
  state_.store(static_cast<std::uint32_t>(initial), std::memory_order_relaxed);
  bound_ = static_cast<std::uint32_t>(bound);
}

bool bounded_semaphore::try_acquire() noexcept {
  std::uint32_t now = state_.load(std::memory_order_relaxed);
  while ((now & ~waited_for) != 0)
    if (state_.compare_exchange_weak(now, now - 1, std::memory_order_acquire, std::memory_order_relaxed)) return true;
  return false;
}

detail::wait_end bounded_semaphore::wait_until_steady(detail::stop_choice stop, detail::steady_time deadline) {
  detail::parking_place place;
  {
    detail::at_address here(this);
    for (std::uint32_t now = state_.load(std::memory_order_relaxed);;) {
      const bool there = (now & ~waited_for) != 0;
      if (!state_.compare_exchange_weak(now, there ? now - 1 : waited_for, std::memory_order_acquire)) continue;
      if (there) return detail::wait_end::ready;
      break;
    }
    here.link(place, this);
  }
  return place.sleep_and_leave(stop, deadline);
}

void bounded_semaphore::release(std::ptrdiff_t permits) {
  if (permits < 1)
    detail::misuse(std::errc::invalid_argument,
                   "curfew: bounded_semaphore::release: the number of permits must be at least 1");
  const auto fits = [&](std::uint32_t now) {
    return permits <= std::ptrdiff_t{bound_} - static_cast<std::ptrdiff_t>(now & ~waited_for);
  };
  bool too_many = false;
  /// Adds to the count, unless somebody may be waiting.
  const auto add = [&](std::uint32_t now) {
    while ((now & waited_for) == 0 && !(too_many = !fits(now)))
      if (state_.compare_exchange_weak(now, now + static_cast<std::uint32_t>(permits), std::memory_order_release,
                                       std::memory_order_relaxed))
        return true;
    return false;
  };
  if (add(state_.load(std::memory_order_relaxed))) return;
  detail::woken_places woken;
  if (!too_many) {
    detail::at_address here(this);
    // With a waiter in the list the state does not change: no permits, and marked.
    const std::uint32_t before = state_.load(std::memory_order_relaxed);
    if (here.first_on(this) == nullptr) {
      state_.fetch_and(~waited_for, std::memory_order_relaxed);
      if (add(state_.load(std::memory_order_relaxed))) return;
    } else if (!(too_many = !fits(before))) {
      here.take(this, static_cast<std::uint32_t>(permits), woken);
      const std::uint32_t left = static_cast<std::uint32_t>(permits) - woken.size();
      state_.store(here.first_on(this) != nullptr ? waited_for : left, std::memory_order_release);
    }
  }
  if (too_many)
    detail::misuse(std::errc::operation_not_permitted,
                   "curfew: bounded_semaphore::release: more permits were released than acquired");
  woken.wake();
}

}  // namespace curfew::inline v1

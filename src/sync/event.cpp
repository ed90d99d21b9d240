// SPDX-License-Identifier: Apache-2.0
#include <curfew/sync/event.hpp>

#include "sync/parking.hpp"

namespace curfew::inline v1 {

void event::set() noexcept {
  // Whoever sees it set may go on, and put another event where this one was: nothing is done by its address after that.
  std::uint32_t now = state_.load(std::memory_order_relaxed);
  while ((now & waited_for) == 0)
    if (state_.compare_exchange_weak(now, happened)) return;
  detail::woken_places woken;
  {
    detail::at_address here(this);
    here.take(this, detail::all_of_them, woken);
    state_.store(happened);
  }
  woken.wake();
}

detail::wait_end event::wait_until_steady(detail::stop_choice stop, detail::steady_time deadline) {
  if (is_set()) return detail::wait_end::ready;
  detail::parking_place place;
  {
    detail::at_address here(this);
    if ((state_.fetch_or(waited_for) & happened) != 0) return detail::wait_end::ready;
    here.link(place, this);
  }
  return place.sleep_and_leave(stop, deadline);
}

}  // namespace curfew::inline v1

// SPDX-License-Identifier: Apache-2.0
#include <curfew/sync/event.hpp>

#include "sync/parking.hpp"

namespace curfew::inline v1 {

void event::set() noexcept {
  // The last that is seen of the event: a waiter may go on, and destroy it, from here on.
  if ((state_.exchange(happened) & waited_for) != 0) detail::wake_at(this, detail::all_of_them);
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

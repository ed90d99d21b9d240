// SPDX-License-Identifier: Apache-2.0
#include "exit/freeze_schedule.hpp"

#include <algorithm>

namespace curfew::inline v1::detail {

void freeze_schedule::begin_round(steady_time now) noexcept { round_began_ = last_progress_ = now; }

freeze_schedule::step freeze_schedule::look(steady_time now, view seen) noexcept {
  if (seen.left == 0) {
    silent_ = false;
    ++rounds_;
    return step::probe;
  }
  if (seen.silent && !silent_) silent_since_ = now;
  silent_ = seen.silent;
  if (silent_ && now >= silent_since_ + limits_.silence) return step::accept;
  if (easy_) {
    if (now < round_began_ + limits_.easy) return step::ask_on;
    easy_ = false;
    return step::thaw_and_hold_streams;
  }
  if (now >= round_began_ + limits_.round) return step::accept;
  if (seen.progress) last_progress_ = now;
  const auto patience = std::max(began_ + limits_.busy, round_began_ + limits_.least_busy);
  if (now >= patience) return step::force_all;
  if (now < last_progress_ + limits_.still) return step::ask_on;
  if (uses_force()) return step::force_holders;
  ++rounds_;
  return step::thaw;
}

freeze_schedule::step freeze_schedule::probed(bool all_is_free) const noexcept {
  return all_is_free || last_ ? step::accept : step::thaw;
}

bool freeze_schedule::thawed(steady_time now, bool prober_is_idle, bool hopeless) noexcept {
  stuck_ = prober_is_idle ? 0 : stuck_ + 1;
  const bool another = stuck_ > limits_.stuck_rounds || (!prober_is_idle && hopeless);
  last_ = another || (now >= began_ + limits_.rounds && rounds_ >= limits_.fewest_rounds);
  return another;
}

}  // namespace curfew::inline v1::detail

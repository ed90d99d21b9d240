// SPDX-License-Identifier: Apache-2.0
// Looking for something that will be there soon, before the kernel is asked to wake the thread for it: to sleep and be
// woken costs microseconds, and on an idle machine tens of them, when the processor sleeps too.
#pragma once

#include "os/clock.hpp"
#include "os/pause.hpp"

#include <algorithm>
#include <chrono>

namespace curfew::inline v1::detail {

/// How long to look. It grows with each look that has found something and shrinks with each that has not, so that a
/// thread whose waits are long does not keep a processor from others.
struct spin_patience {
  std::chrono::nanoseconds limit{most};

  static constexpr std::chrono::nanoseconds most{40'000};
  static constexpr std::chrono::nanoseconds step{1'000};

  void learn(bool found) noexcept { limit = found ? std::min(most, 2 * limit + step) : limit / 2; }
};

/// Has the process more than one processor? If not, to look keeps what is looked for from happening.
[[nodiscard]] bool can_spin() noexcept;

/// True when `found()` is true before `patience` and `deadline` have passed. `found` may end the thread.
template <class Found>
bool spin_until(Found found, spin_patience& patience, steady_time deadline) {
  if (found()) return true;
  if (!can_spin()) return false;
  steady_time until{};
  for (;;) {
    // The clock costs more than a look.
    for (int looks = 0; looks < 32; ++looks) {
      for (int pauses = 0; pauses < 2; ++pauses) os::pause();
      if (found()) {
        patience.learn(true);
        return true;
      }
    }
    const steady_time now = os::now_steady();
    if (until == steady_time{}) until = std::min(deadline, now + patience.limit);
    if (now >= until) break;
  }
  patience.learn(false);
  return false;
}

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
// Decides what the freeze does when: how long threads are asked, when they are thawed to be found at better moments,
// when the freeze is forced, and when it is given up. It is given the time and what was seen, and does nothing itself.
#pragma once

#include <curfew/detail/timeout.hpp>

#include <chrono>

namespace curfew::inline v1::detail {

struct freeze_limits {
  using milliseconds = std::chrono::milliseconds;

  /// Most freezes are over by then. Later the streams' locks are held, so that threads which queue for them freeze
  /// outside.
  milliseconds easy{20};
  /// How long none of the threads that deferred their freeze because of a lock may move, in each of so many rounds.
  /// They may wait for a thread that is frozen already, and then go on after a thaw; or they may keep the lock for
  /// ever.
  milliseconds still{40};
  unsigned patient_rounds = 3;
  /// How long a thread may be found inside the C library, or on its way to an unlock. On a busy machine it seldom runs.
  milliseconds busy{3000};
  /// In later rounds, when that time is over.
  milliseconds least_busy{100};
  /// How long a thread may block the signal without a break, before it counts as one that cannot be frozen. The C
  /// library does so too, for example in posix_spawn and popen.
  milliseconds silence{1000};
  /// How long one round may take.
  milliseconds round{3500};
  /// How long rounds of freeze, probe and thaw may go on; then the exit goes on under watch with a lock held.
  milliseconds rounds{2000};
  unsigned fewest_rounds = 6;
  /// In how many rounds the probe thread may be stuck although all threads run. If it is stuck in more, no frozen
  /// thread holds what it waits for.
  unsigned stuck_rounds = 3;
  /// From this round on, threads that sleep where none should hold a lock are thawed too, in case that is wrong.
  unsigned sleepers_stay = 4;
};

class freeze_schedule {
 public:
  explicit freeze_schedule(steady_time now, freeze_limits limits = {}) noexcept
      : limits_(limits), began_(now), round_began_(now), last_progress_(now) {}

  enum class step : unsigned char {
    ask_on,                 ///< look again in a few milliseconds
    force_holders,          ///< threads that deferred it because of a lock must freeze with it; then as ask_on
    force_all,              ///< all threads must freeze, wherever they are; then as ask_on
    probe,                  ///< all are frozen: does one of them hold what the exit needs?
    thaw,                   ///< thaw them, and begin another round
    thaw_and_hold_streams,  ///< the same, and hold the streams' locks from now on
    accept,                 ///< leave it at what has been reached
  };

  /// What is seen of the threads that are asked.
  struct view {
    unsigned left = 0;    ///< are not frozen
    bool silent = false;  ///< one of them cannot even answer
    bool progress = false;
  };
  step look(steady_time now, view seen) noexcept;

  /// Takes what the probe found while all were frozen. Returns thaw or accept.
  [[nodiscard]] step probed(bool all_is_free) const noexcept;

  /// All threads have been running again for a moment; has the probe thread returned from its wait? Returns true if
  /// nothing that the frozen threads do will make it return, so that another is needed. `hopeless`: the exiting thread
  /// is known to hold what it wants.
  bool thawed(steady_time now, bool prober_is_idle, bool hopeless) noexcept;

  void begin_round(steady_time now) noexcept;

  [[nodiscard]] unsigned rounds() const noexcept { return rounds_; }
  [[nodiscard]] bool holds_up() const noexcept { return !easy_; }
  [[nodiscard]] bool thaws_sleepers() const noexcept { return rounds_ >= limits_.sleepers_stay; }

 private:
  [[nodiscard]] bool uses_force() const noexcept { return last_ || rounds_ >= limits_.patient_rounds; }

  freeze_limits limits_;
  steady_time began_;
  steady_time round_began_;
  steady_time last_progress_;
  steady_time silent_since_{};
  bool silent_ = false;
  bool easy_ = true;
  bool last_ = false;
  unsigned rounds_ = 0;  ///< that are over
  unsigned stuck_ = 0;
};

}  // namespace curfew::inline v1::detail

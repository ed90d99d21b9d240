// SPDX-License-Identifier: Apache-2.0
// The timings of the freeze, on a clock that only the test moves.
#include "exit/freeze_schedule.hpp"

#include <gtest/gtest.h>

#include <random>

namespace {

using curfew::detail::freeze_limits;
using curfew::detail::freeze_schedule;
using std::chrono::milliseconds;
using step = freeze_schedule::step;
using view = freeze_schedule::view;

/// Time begins somewhere, and goes on by itself 3 ms a look.
class simulated {
 public:
  /// Looks until something else than ask_on is wanted, or `most` has passed.
  step look_until_something(view seen, milliseconds most = milliseconds(60'000)) {
    const auto end = now + most;
    while (now < end) {
      now += slice;
      if (const step s = schedule.look(now, seen); s != step::ask_on) return s;
    }
    return step::ask_on;
  }
  /// Through the first round, in which only those are met that are easily met.
  void be_past_the_easy_round() {
    EXPECT_EQ(look_until_something({.left = 1, .progress = true}), step::thaw_and_hold_streams);
    schedule.begin_round(now);
  }
  [[nodiscard]] milliseconds passed() const {
    return std::chrono::duration_cast<milliseconds>(now - curfew::detail::steady_time{} - milliseconds(1'000'000));
  }

  static constexpr milliseconds slice{3};
  curfew::detail::steady_time now = curfew::detail::steady_time{} + milliseconds(1'000'000);
  freeze_schedule schedule{now};
};

TEST(freeze_schedule, all_that_stand_are_probed_at_once) {
  simulated s;
  EXPECT_EQ(s.look_until_something({.left = 0}), step::probe);
  EXPECT_EQ(s.passed(), simulated::slice);
  EXPECT_EQ(s.schedule.probed(true), step::accept);
  EXPECT_EQ(s.schedule.rounds(), 1U);
}

TEST(freeze_schedule, after_twenty_milliseconds_streams_are_held) {
  simulated s;
  EXPECT_EQ(s.look_until_something({.left = 1, .progress = true}), step::thaw_and_hold_streams);
  EXPECT_EQ(s.passed(), milliseconds(21));
  EXPECT_TRUE(s.schedule.holds_up());
  EXPECT_EQ(s.schedule.rounds(), 0U);  // it does not count
}

TEST(freeze_schedule, who_blocks_the_signal_has_a_second_before_it_cannot_be_frozen) {
  simulated s;
  const view silent{.left = 1, .silent = true};
  step last = step::ask_on;
  while (s.passed() < milliseconds(5000) && last != step::accept) {
    last = s.look_until_something(silent);
    if (last == step::accept) break;
    EXPECT_LE(s.passed(), milliseconds(1003));
    if (last == step::thaw || last == step::thaw_and_hold_streams) s.schedule.begin_round(s.now);
  }
  EXPECT_EQ(last, step::accept);
  EXPECT_GT(s.passed(), milliseconds(1000));
  EXPECT_LE(s.passed(), milliseconds(1010));
}

TEST(freeze_schedule, who_blocks_the_signal_for_a_while_is_frozen_then) {
  simulated s;
  while (s.passed() < milliseconds(900)) {
    const step next = s.look_until_something({.left = 1, .silent = true}, milliseconds(30));
    EXPECT_NE(next, step::accept);
    if (next == step::thaw || next == step::thaw_and_hold_streams) s.schedule.begin_round(s.now);
  }
  EXPECT_EQ(s.look_until_something({.left = 0}), step::probe);
}

TEST(freeze_schedule, a_second_of_silence_is_one_without_a_break) {
  simulated s;
  for (int i = 0; i < 20; ++i) {
    for (const bool silent : {true, false}) {
      const step next = s.look_until_something({.left = 1, .silent = silent, .progress = true}, milliseconds(60));
      EXPECT_NE(next, step::accept);
      if (next == step::thaw || next == step::thaw_and_hold_streams) s.schedule.begin_round(s.now);
    }
  }
  EXPECT_GE(s.passed(), milliseconds(2000));
}

TEST(freeze_schedule, holders_that_do_not_move_are_thawed_three_times_and_frozen_then) {
  simulated s;
  s.be_past_the_easy_round();
  for (int round = 0; round < 3; ++round) {
    const auto began = s.passed();
    EXPECT_EQ(s.look_until_something({.left = 1}), step::thaw) << round;
    EXPECT_GE(s.passed() - began, milliseconds(40));
    EXPECT_LE(s.passed() - began, milliseconds(43));
    s.schedule.begin_round(s.now);
  }
  EXPECT_EQ(s.look_until_something({.left = 1}), step::force_holders);
  EXPECT_LE(s.passed(), milliseconds(200));
}

TEST(freeze_schedule, who_is_busy_all_the_time_is_frozen_after_three_seconds) {
  simulated s;
  s.be_past_the_easy_round();
  EXPECT_EQ(s.look_until_something({.left = 1, .progress = true}), step::force_all);
  EXPECT_GE(s.passed(), milliseconds(3000));
  EXPECT_LE(s.passed(), milliseconds(3010));
}

TEST(freeze_schedule, a_lock_that_never_comes_free_ends_the_rounds_after_two_seconds) {
  simulated s;
  unsigned rounds = 0;
  for (;; ++rounds) {
    EXPECT_EQ(s.look_until_something({.left = 0}), step::probe);
    if (s.schedule.probed(false) == step::accept) break;
    s.now += milliseconds(50);
    EXPECT_FALSE(s.schedule.thawed(s.now, true, false));
    s.schedule.begin_round(s.now);
  }
  EXPECT_GE(rounds, 6U);
  EXPECT_GE(s.passed(), milliseconds(2000));
  EXPECT_LE(s.passed(), milliseconds(2200));
}

TEST(freeze_schedule, a_prober_that_stays_stuck_though_all_run_is_replaced_and_one_round_is_left) {
  simulated s;
  for (unsigned round = 0;; ++round) {
    EXPECT_EQ(s.look_until_something({.left = 0}), step::probe);
    EXPECT_EQ(s.schedule.probed(false), step::thaw);
    s.schedule.begin_round(s.now);
    if (!s.schedule.thawed(s.now, false, false)) continue;
    EXPECT_EQ(round, 3U);
    break;
  }
  EXPECT_EQ(s.look_until_something({.left = 0}), step::probe);
  EXPECT_EQ(s.schedule.probed(false), step::accept);
}

TEST(freeze_schedule, sleepers_stay_through_the_first_rounds) {
  simulated s;
  for (unsigned round = 0; round < 4; ++round) {
    EXPECT_FALSE(s.schedule.thaws_sleepers());
    EXPECT_EQ(s.look_until_something({.left = 0}), step::probe);
  }
  EXPECT_TRUE(s.schedule.thaws_sleepers());
}

TEST(freeze_schedule, whatever_is_seen_it_comes_to_an_end) {
  std::mt19937 random(7);
  for (int run = 0; run < 2000; ++run) {
    simulated s;
    const auto odds = random() % 20;
    for (;;) {
      ASSERT_LE(s.passed(), milliseconds(10'000)) << run;
      const view seen{
          .left = random() % 20 < odds ? 1U : 0U, .silent = random() % 3 == 0, .progress = random() % 2 == 0};
      step next = s.look_until_something(seen, simulated::slice);
      if (next == step::probe) {
        next = s.schedule.probed(random() % 10 == 0);
        s.now += milliseconds(64);
      }
      if (next == step::accept) break;
      if (next != step::thaw && next != step::thaw_and_hold_streams) continue;
      s.now += milliseconds(50);
      if (next == step::thaw) s.schedule.thawed(s.now, random() % 2 == 0, random() % 50 == 0);
      s.schedule.begin_round(s.now);
    }
  }
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// Durations of every size and type, brought to the steady clock without overflow.
#include <curfew/detail/timeout.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>

namespace {

using namespace std::chrono_literals;
using curfew::detail::steady_deadline;
using curfew::detail::steady_time;

template <class Duration>
void expect_now(Duration d) {
  const auto before = std::chrono::steady_clock::now();
  const auto at = steady_deadline(d);
  EXPECT_GE(at, before);
  EXPECT_LE(at, std::chrono::steady_clock::now());
}

TEST(Timeout, negative_is_now) {
  expect_now(-1ns);
  expect_now(std::chrono::nanoseconds::min());
  expect_now(std::chrono::hours::min());
  expect_now(std::chrono::duration<double>(-std::numeric_limits<double>::infinity()));
}

TEST(Timeout, zero_is_now) { expect_now(0s); }

TEST(Timeout, not_a_number_is_now) {
  expect_now(std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN()));
  expect_now(std::chrono::duration<float, std::milli>(std::numeric_limits<float>::quiet_NaN()));
}

TEST(Timeout, what_does_not_fit_is_for_ever) {
  EXPECT_EQ(steady_deadline(std::chrono::nanoseconds::max()), steady_time::max());
  EXPECT_EQ(steady_deadline(std::chrono::hours::max()), steady_time::max());
  EXPECT_EQ(steady_deadline(std::chrono::duration<std::uint64_t>(std::numeric_limits<std::uint64_t>::max())),
            steady_time::max());
  EXPECT_EQ(steady_deadline(std::chrono::duration<double>(1e300)), steady_time::max());
  EXPECT_EQ(steady_deadline(std::chrono::duration<float>(std::numeric_limits<float>::infinity())), steady_time::max());
  EXPECT_EQ(steady_deadline(std::chrono::duration<int, std::giga>(std::numeric_limits<int>::max())),
            steady_time::max());
}

TEST(Timeout, ordinary_ones_are_exact) {
  const auto before = std::chrono::steady_clock::now();
  const auto at = steady_deadline(1500ms);
  EXPECT_GE(at, before + 1500ms);
  EXPECT_LE(at, std::chrono::steady_clock::now() + 1500ms);
}

TEST(Timeout, a_fraction_of_a_nanosecond_is_late_never_early) {
  const auto before = std::chrono::steady_clock::now();
  EXPECT_GE(steady_deadline(std::chrono::duration<std::int64_t, std::pico>(1)), before + 1ns);
  EXPECT_GE(steady_deadline(std::chrono::duration<double>(0.25)), before + 250ms);
}

TEST(Timeout, until_a_far_time_waits_for_ever_and_a_past_one_polls) {
  steady_time given{};
  const auto done = [&](steady_time slice) {
    given = slice;
    return true;
  };
  EXPECT_TRUE(curfew::detail::until(std::chrono::system_clock::time_point::max(), done));
  EXPECT_EQ(given, steady_time::max());
  int polls = 0;
  const auto never = [&](steady_time) {
    ++polls;
    return false;
  };
  EXPECT_FALSE(curfew::detail::until(std::chrono::system_clock::time_point::min(), never));
  EXPECT_FALSE(curfew::detail::until(std::chrono::steady_clock::now() - 1s, never));
  EXPECT_EQ(polls, 2);
}

TEST(Timeout, until_waits_again_when_its_clock_was_set_back) {
  int waits = 0;
  const auto at = std::chrono::system_clock::now() + 20ms;
  EXPECT_FALSE(curfew::detail::until(at, [&](steady_time) { return ++waits, false; }));
  EXPECT_GT(waits, 1) << "each wait returned early";
  EXPECT_GE(std::chrono::system_clock::now(), at);
}

}  // namespace

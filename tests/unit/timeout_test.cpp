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

enum class told { nothing, to_poll, to_wait, for_ever };
template <class Clock, class Duration>
told told_until(std::chrono::time_point<Clock, Duration> at) {
  told what = told::nothing;
  const bool ready = curfew::detail::until(at, [&](steady_time slice) {
    const bool past = slice <= std::chrono::steady_clock::now();
    what = slice == steady_time::max() ? told::for_ever : past ? told::to_poll : told::to_wait;
    return !past;
  });
  EXPECT_EQ(ready, what != told::to_poll) << "a time that has come is looked at once";
  return what;
}

template <class Clock>
class TimeoutOf : public testing::Test {
 protected:
  template <class Duration>
  static told at(Duration since_epoch) {
    return told_until(std::chrono::time_point<Clock, Duration>(since_epoch));
  }
};
using clocks = testing::Types<std::chrono::system_clock, std::chrono::steady_clock>;
TYPED_TEST_SUITE(TimeoutOf, clocks);

TYPED_TEST(TimeoutOf, far_times_in_coarse_units) {
  using namespace std::chrono;
  EXPECT_EQ(this->at(hours::max()), told::for_ever);
  EXPECT_EQ(this->at(days::max()), told::for_ever);
  EXPECT_EQ(this->at(years::max()), told::for_ever);
  EXPECT_EQ(this->at(seconds::max()), told::for_ever);
  EXPECT_EQ(this->at(nanoseconds::max()), told::for_ever);
  EXPECT_EQ(this->at(hours(3'000'000)), told::for_ever);
  EXPECT_EQ(this->at(duration<std::uint64_t>(std::numeric_limits<std::uint64_t>::max())), told::for_ever);
}

TYPED_TEST(TimeoutOf, past_times_in_coarse_units) {
  using namespace std::chrono;
  EXPECT_EQ(this->at(hours::min()), told::to_poll);
  EXPECT_EQ(this->at(days::min()), told::to_poll);
  EXPECT_EQ(this->at(years::min()), told::to_poll);
  EXPECT_EQ(this->at(seconds::min()), told::to_poll);
  EXPECT_EQ(this->at(nanoseconds::min()), told::to_poll);
  EXPECT_EQ(this->at(duration<std::int64_t, std::pico>::min()), told::to_poll);
  EXPECT_EQ(this->at(hours(-3'000'000)), told::to_poll) << "in nanoseconds it wraps around to the far future";
  EXPECT_EQ(this->at(hours(0)), told::to_poll);
}

TYPED_TEST(TimeoutOf, times_of_floating_point) {
  using limits = std::numeric_limits<double>;
  using seconds = std::chrono::duration<double>;
  using hours = std::chrono::duration<float, std::ratio<3600>>;
  EXPECT_EQ(this->at(seconds(limits::quiet_NaN())), told::to_poll);
  EXPECT_EQ(this->at(hours(std::numeric_limits<float>::quiet_NaN())), told::to_poll);
  EXPECT_EQ(this->at(seconds(-limits::infinity())), told::to_poll);
  EXPECT_EQ(this->at(seconds(limits::lowest())), told::to_poll);
  EXPECT_EQ(this->at(seconds(limits::infinity())), told::for_ever);
  EXPECT_EQ(this->at(seconds(limits::max())), told::for_ever);
  EXPECT_EQ(this->at(hours(1e30F)), told::for_ever);
  EXPECT_EQ(this->at(seconds(TypeParam::now() + 1h - typename TypeParam::time_point{})), told::to_wait);
}

TYPED_TEST(TimeoutOf, times_near_by_in_coarse_units) {
  const auto now = TypeParam::now().time_since_epoch();
  EXPECT_EQ(this->at(std::chrono::floor<std::chrono::hours>(now) + std::chrono::hours(1)), told::to_wait);
  EXPECT_EQ(this->at(std::chrono::floor<std::chrono::hours>(now)), told::to_poll);
  EXPECT_EQ(this->at(std::chrono::floor<std::chrono::seconds>(now)), told::to_poll);
  EXPECT_EQ(this->at(std::chrono::floor<std::chrono::days>(now) + std::chrono::days(365 * 50)), told::to_wait);
}

TEST(Timeout, until_waits_again_when_its_clock_was_set_back) {
  int waits = 0;
  const auto at = std::chrono::system_clock::now() + 20ms;
  EXPECT_FALSE(curfew::detail::until(at, [&](steady_time) { return ++waits, false; }));
  EXPECT_GT(waits, 1) << "each wait returned early";
  EXPECT_GE(std::chrono::system_clock::now(), at);
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// Joins with a limit.
#include <curfew/thread.hpp>

#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <limits>

namespace {

using namespace std::chrono_literals;
using curfew_test::gate;
using curfew_test::patient;
using curfew_test::stopwatch;

class TimedJoin : public testing::Test {
 protected:
  void TearDown() override {
    end.open();
    if (t.joinable()) t.join();
  }

  gate end;
  curfew::thread t{[this] { end.wait(); }};
};

TEST_F(TimedJoin, returns_false_when_the_limit_passes_and_the_thread_is_still_there) {
  const stopwatch watch;
  EXPECT_FALSE(t.join_for(50ms));
  EXPECT_GE(watch.elapsed(), 50ms);
  EXPECT_TRUE(t.joinable());
  EXPECT_TRUE(t.is_alive());
}

TEST_F(TimedJoin, returns_true_as_soon_as_the_thread_ends) {
  std::jthread later([this] {
    std::this_thread::sleep_for(30ms);
    end.open();
  });
  const stopwatch watch;
  EXPECT_TRUE(t.join_for(1h));
  EXPECT_LT(watch.elapsed(), patient(10s));
  EXPECT_FALSE(t.joinable());
}

TEST_F(TimedJoin, a_later_join_succeeds) {
  EXPECT_FALSE(t.join_for(1ms));
  end.open();
  t.join();
  EXPECT_FALSE(t.is_alive());
}

TEST_F(TimedJoin, negative_and_zero_poll_once) {
  const stopwatch watch;
  EXPECT_FALSE(t.join_for(0s));
  EXPECT_FALSE(t.join_for(-1h));
  EXPECT_FALSE(t.join_for(std::chrono::hours::min()));
  EXPECT_LT(watch.elapsed(), patient(5s));
  end.open();
  EXPECT_TRUE(curfew_test::eventually([this] { return t.join_for(-1h); }));
}

TEST_F(TimedJoin, not_a_number_polls_once) {
  EXPECT_FALSE(t.join_for(std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN())));
}

TEST_F(TimedJoin, what_is_too_long_to_count_is_for_ever) {
  std::jthread later([this] {
    std::this_thread::sleep_for(50ms);
    end.open();
  });
  EXPECT_TRUE(t.join_for(std::chrono::hours::max()));
}

TEST_F(TimedJoin, infinity_is_for_ever) {
  std::jthread later([this] {
    std::this_thread::sleep_for(50ms);
    end.open();
  });
  EXPECT_TRUE(t.join_for(std::chrono::duration<double>(std::numeric_limits<double>::infinity())));
}

TEST_F(TimedJoin, until_a_time_of_the_steady_clock) {
  const auto at = std::chrono::steady_clock::now() + 50ms;
  EXPECT_FALSE(t.join_until(at));
  EXPECT_GE(std::chrono::steady_clock::now(), at);
}

TEST_F(TimedJoin, until_a_time_of_the_system_clock) {
  const auto at = std::chrono::system_clock::now() + 50ms;
  EXPECT_FALSE(t.join_until(at));
  EXPECT_GE(std::chrono::system_clock::now(), at);
}

TEST_F(TimedJoin, until_a_time_that_is_over) {
  const stopwatch watch;
  EXPECT_FALSE(t.join_until(std::chrono::system_clock::now() - 1h));
  EXPECT_FALSE(t.join_until(std::chrono::system_clock::time_point::min()));
  EXPECT_FALSE(t.join_until(std::chrono::steady_clock::time_point::min()));
  EXPECT_LT(watch.elapsed(), patient(5s));
}

TEST_F(TimedJoin, until_the_end_of_time) {
  std::jthread later([this] {
    std::this_thread::sleep_for(50ms);
    end.open();
  });
  EXPECT_TRUE(t.join_until(std::chrono::system_clock::time_point::max()));
}

/// A clock on which a minute takes two.
struct half_speed {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<half_speed>;
  [[maybe_unused]] static constexpr bool is_steady = true;
  static time_point now() {
    return time_point(std::chrono::duration_cast<duration>(std::chrono::steady_clock::now().time_since_epoch() / 2));
  }
};

TEST(TimedJoinClock, until_a_time_of_a_clock_of_ones_own) {
  gate end;
  curfew::thread t([&] { end.wait(); });
  const stopwatch watch;
  EXPECT_FALSE(t.join_until(half_speed::now() + 30ms));
  EXPECT_GE(watch.elapsed(), 50ms) << "30 ms of a clock at half speed are 60";
  end.open();
  t.join();
}

}  // namespace

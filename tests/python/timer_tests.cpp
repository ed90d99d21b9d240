// SPDX-License-Identifier: Apache-2.0
// TimerTests of CPython's test_threading.py, and the tests of cancel that it lacks.
#include <curfew/sync.hpp>

#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

namespace {

using namespace std::chrono_literals;
using curfew::timer;
using curfew_test::eventually;

TEST(TimerTests, test_init_immutable_default_args) {
  // bpo-17435: two timers made of the same arguments do not share them.
  std::atomic<int> sum{0};
  int called = 0;
  const auto f = [called, &sum]() mutable { sum += ++called; };
  timer one(1ms, f);
  timer two(1ms, f);
  EXPECT_TRUE(one.join());
  EXPECT_TRUE(two.join());
  EXPECT_EQ(sum, 2) << "each began with its own copy";
}

TEST(TimerTests, cancel_before_it_is_called) {
  curfew_test::gate busy;
  curfew_test::gate go_on;
  std::atomic<bool> called{false};
  timer first(0s, [&] {
    busy.open();
    go_on.wait();
  });
  busy.wait();  // the thread that would call the others
  timer t(1ms, [&] { called = true; });
  timer last(1ms, [] {});
  EXPECT_TRUE(t.is_alive());
  EXPECT_TRUE(t.cancel());
  EXPECT_FALSE(t.is_alive());
  EXPECT_FALSE(t.cancel()) << "only the first prevents anything";
  EXPECT_TRUE(t.join());
  go_on.open();
  EXPECT_TRUE(last.join());
  EXPECT_FALSE(called);
}

TEST(TimerTests, cancel_after_it_was_called) {
  std::atomic<bool> called{false};
  timer t(1ms, [&] { called = true; });
  EXPECT_TRUE(t.join());
  EXPECT_TRUE(called);
  EXPECT_FALSE(t.cancel());
  EXPECT_FALSE(t.is_alive());
}

TEST(TimerTests, cancel_while_it_is_called) {
  curfew_test::gate in;
  curfew_test::gate out;
  std::atomic<bool> done{false};
  timer t(1ms, [&] {
    in.open();
    out.wait();
    done = true;
  });
  in.wait();
  EXPECT_FALSE(t.cancel()) << "too late for the one call";
  EXPECT_TRUE(t.is_alive());
  out.open();
  EXPECT_TRUE(t.join());
  EXPECT_TRUE(done);
}

TEST(TimerTests, cancel_destroys_the_function) {
  auto token = std::make_shared<int>(1);
  timer t(1h, [token] {});
  EXPECT_EQ(token.use_count(), 2);
  EXPECT_TRUE(t.cancel());
  EXPECT_EQ(token.use_count(), 1);
}

TEST(TimerTests, cancel_races_with_the_call) {
  std::atomic<int> called{0};
  int prevented = 0;
  constexpr int rounds = 300;
  for (int i = 0; i < rounds; ++i) {
    timer t(std::chrono::microseconds(i % 100), [&] { ++called; });
    std::this_thread::sleep_for(std::chrono::microseconds(i % 70));
    prevented += t.cancel();
    EXPECT_TRUE(t.join());
  }
  EXPECT_EQ(called + prevented, rounds) << "each was either called or prevented";
}

TEST(TimerTests, cancel_of_a_periodic_one) {
  std::atomic<int> called{0};
  timer t({.periodic = true}, 2ms, [&] { ++called; });
  EXPECT_TRUE(eventually([&] { return called >= 3; }));
  EXPECT_TRUE(t.cancel());
  EXPECT_TRUE(t.join());
  const int now = called;
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(called, now);
}

}  // namespace

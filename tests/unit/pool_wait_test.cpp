// SPDX-License-Identifier: Apache-2.0
// How the waits of a thread_pool end.
#include <curfew/pool.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>
#include <support/wait.hpp>

#include <atomic>
#include <chrono>
#include <stop_token>

using curfew::at_exit;
using curfew::thread_pool;
using curfew_test::eventually;
using curfew_test::gate;
using namespace std::chrono_literals;

namespace {

/// A pool whose only worker is kept, and whose queue is full.
struct full_pool {
  gate go;
  std::atomic<int> ran{0};
  thread_pool pool{{.name = "full", .workers = 1, .queue_limit = 1}};

  full_pool() {
    gate begun;
    pool.post([&, this] {
      begun.open();
      go.wait();
    });
    begun.wait();
    pool.post([this] { ++ran; });
  }
  ~full_pool() { go.open(); }
};

template <class Call>
void is_ended_by_a_stop_request(Call call) {
  curfew::thread waiter([&](const std::stop_token&) { call(); });
  EXPECT_TRUE(eventually([&] { return waiter.info().state == curfew::thread_state::waiting; }));
  waiter.request_stop();
  EXPECT_TRUE(waiter.join_for(curfew_test::patient(5s)));
  if (waiter.joinable()) waiter.detach();
}

}  // namespace

TEST(PoolWait, a_stop_request_ends_the_wait_for_room) {
  full_pool full;
  std::atomic<int> ran{0};
  is_ended_by_a_stop_request([&] { EXPECT_FALSE(full.pool.post([&] { ++ran; })); });
  is_ended_by_a_stop_request([&] { EXPECT_FALSE(full.pool.post(at_exit::skip, [&] { ++ran; })); });
  is_ended_by_a_stop_request([&] { EXPECT_FALSE(full.pool.try_post_for(1h, [&] { ++ran; })); });
  is_ended_by_a_stop_request(
      [&] { EXPECT_THROW(full.pool.submit([&] { return ++ran; }).get(), curfew::task_dropped); });
  full.go.open();
  EXPECT_TRUE(full.pool.wait_idle());
  EXPECT_EQ(ran, 0);
  EXPECT_EQ(full.ran, 1);
}

TEST(PoolWait, a_token_of_ones_own_choice) {
  full_pool full;
  std::stop_source source;
  source.request_stop();
  const std::stop_token stop = source.get_token();
  EXPECT_FALSE(full.pool.post(stop, [] {}));
  EXPECT_FALSE(full.pool.post(
      stop, at_exit::skip, [](int) {}, 1));
  EXPECT_THROW(full.pool
                   .submit(
                       stop, [](int i) { return i; }, 1)
                   .get(),
               curfew::task_dropped);
  EXPECT_THROW(full.pool.submit(stop, at_exit::skip, [] {}).get(), curfew::task_dropped);
  EXPECT_FALSE(full.pool.wait_idle(stop));
  EXPECT_FALSE(full.pool.wait_idle_for(stop, 1h));
  EXPECT_FALSE(full.pool.wait_idle_until(stop, std::chrono::system_clock::now() + 1h));
  full.go.open();
  // With nothing to wait for, a request is not looked at.
  EXPECT_TRUE(eventually([&] { return full.pool.wait_idle(stop); }));
  EXPECT_TRUE(full.pool.post(stop, [] {}));
  full.pool.wait_idle();
  EXPECT_EQ(full.pool
                .submit(
                    stop, [](int i) { return i; }, 7)
                .get(),
            7);
}

TEST(PoolWait, limits) {
  full_pool full;
  curfew_test::stopwatch watch;
  EXPECT_FALSE(full.pool.try_post_for(20ms, [] {}));
  EXPECT_FALSE(full.pool.try_post_for(std::stop_token(), 20ms, at_exit::skip, [] {}));
  EXPECT_FALSE(full.pool.try_post_until(std::chrono::system_clock::now() + 20ms, [] {}));
  EXPECT_FALSE(full.pool.wait_idle_for(20ms));
  EXPECT_FALSE(full.pool.wait_idle_until(std::chrono::steady_clock::now() + 20ms));
  EXPECT_GE(watch.elapsed(), 100ms);
  EXPECT_FALSE(full.pool.try_post_for(-1s, [] {}));
  EXPECT_FALSE(full.pool.wait_idle_for(0s));
  full.go.open();
  EXPECT_TRUE(full.pool.try_post_for(20s, [&] { ++full.ran; }));
  EXPECT_TRUE(full.pool.wait_idle_for(20s));
  EXPECT_EQ(full.ran, 2);
}

TEST(PoolWait, a_stop_request_ends_wait_idle) {
  full_pool full;
  is_ended_by_a_stop_request([&] { EXPECT_FALSE(full.pool.wait_idle()); });
  is_ended_by_a_stop_request([&] { EXPECT_FALSE(full.pool.wait_idle_for(1h)); });
}

TEST(PoolWait, room_is_not_lost_between_those_who_stop_and_those_who_wait) {
  thread_pool pool({.workers = 1, .queue_limit = 1});
  std::atomic<int> taken{0}, ran{0};
  for (int round = 0; round < 50; ++round) {
    const auto fill = [&](const std::stop_token&) {
      for (int i = 0; i < 20; ++i) taken += pool.post([&] { ++ran; });
    };
    curfew::thread stopped(fill), waits(fill);
    stopped.request_stop();
    stopped.join();
    waits.join();
  }
  EXPECT_TRUE(pool.wait_idle());
  EXPECT_EQ(taken, ran);
}

class PoolMisuseDeathTest : public testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  template <class Wait>
  static void destroy_under(Wait wait) {
    auto* const full = new full_pool;
    curfew::thread waiter([&] { wait(full->pool); });
    if (!eventually([&] { return waiter.info().state == curfew::thread_state::waiting; })) return;
    full->pool.~thread_pool();
  }
};

TEST_F(PoolMisuseDeathTest, destroyed_under_wait_idle) {
  EXPECT_DEATH(destroy_under([](thread_pool& p) { p.wait_idle(); }),
               "curfew: the thread_pool \"full\" is destroyed while the thread \\(#[0-9]+\\) waits on it");
}

TEST_F(PoolMisuseDeathTest, destroyed_under_a_wait_for_room) {
  EXPECT_DEATH(destroy_under([](thread_pool& p) { p.post([] {}); }),
               "curfew: the thread_pool \"full\" is destroyed while the thread \\(#[0-9]+\\) waits on it");
}

TEST_F(PoolMisuseDeathTest, destroyed_under_a_shutdown) {
  EXPECT_DEATH(destroy_under([](thread_pool& p) { p.shutdown(); }),
               "curfew: the thread_pool \"full\" is destroyed while the thread \\(#[0-9]+\\) waits on it");
}

TEST_F(PoolMisuseDeathTest, destroyed_under_invoke) {
  EXPECT_DEATH(destroy_under([](thread_pool& p) {
                 p.invoke([] { static_cast<void>(curfew::this_thread::sleep_for(1h)); }, [] {});
               }),
               "curfew: the thread_pool \"full\" is destroyed while another thread is in one of its calls");
}

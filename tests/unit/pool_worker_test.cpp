// SPDX-License-Identifier: Apache-2.0
// When thread_pool's workers come, sleep and go.
#include <curfew/exception_hook.hpp>
#include <curfew/pool.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>
#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <atomic>
#include <chrono>
#include <ctime>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <pthread.h>

using curfew::thread_pool;
using curfew_test::eventually;
using curfew_test::gate;
using namespace std::chrono_literals;

namespace {

/// How long this process has computed during `d`.
double processor_seconds_during(std::chrono::milliseconds d) {
  const std::clock_t began = std::clock();
  std::this_thread::sleep_for(d);
  return static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
}

bool is_idle(const thread_pool& pool) { return pool.counts().running == 0 && pool.counts().queued == 0; }

}  // namespace

TEST(PoolWorker, one_that_stays_sleeps_when_those_above_it_leave_at_once) {
  thread_pool pool({.workers = 2, .keep = 1, .idle = 0ms});
  for (int i = 0; i < 20; ++i) EXPECT_EQ(pool.submit([i] { return i; }).get(), i);
  EXPECT_TRUE(eventually([&] { return is_idle(pool) && pool.counts().workers == 1; }));
  EXPECT_LT(processor_seconds_during(400ms), 0.02);
  EXPECT_EQ(pool.submit([] { return 7; }).get(), 7);
}

TEST(PoolWorker, one_that_may_leave_at_the_end_of_time_stays) {
  thread_pool pool({.workers = 1, .keep = 0, .idle = std::chrono::milliseconds::max()});
  EXPECT_EQ(pool.submit([] { return 7; }).get(), 7);
  EXPECT_TRUE(eventually([&] { return is_idle(pool); }));
  EXPECT_LT(processor_seconds_during(100ms), 0.05);
  EXPECT_EQ(pool.counts().workers, 1U);
}

TEST(PoolWorker, none_available_for_several_at_once) {
  if (curfew_test::address_sanitizer || curfew_test::thread_sanitizer)
    GTEST_SKIP() << "sanitizers stop at such a stack";
  for (int round = 0; round < 100; ++round) {
    thread_pool pool({.workers = 4, .stack_size = std::size_t{1} << 46});
    std::atomic<int> there{0}, refused{0};
    {
      curfew::thread_scope threads;
      for (int i = 0; i < 4; ++i)
        threads.start([&] {
          ++there;
          while (there < 4) std::this_thread::yield();
          try {
            pool.post([] {});
          } catch (const std::system_error&) {
            ++refused;
          }
        });
      threads.join();
    }
    ASSERT_EQ(refused, 4);
    ASSERT_EQ(pool.counts().queued, 0U);
  }
}

TEST(PoolWorker, an_initialiser_that_throws_releases_who_waits_for_room) {
  const auto before = curfew::set_exception_hook([](const curfew::thread_exception&) {});
  gate go;
  thread_pool pool({.workers = 1, .queue_limit = 1, .initialiser = [&] {
                      go.wait();
                      throw std::runtime_error("no device");
                    }});
  auto queued = pool.submit([] {});
  curfew::thread blocked([&] { EXPECT_THROW(pool.post([] {}), curfew::pool_closed); });
  EXPECT_TRUE(eventually([&] { return blocked.info().state == curfew::thread_state::waiting; }));
  go.open();
  const bool released = blocked.join_for(5s);
  EXPECT_TRUE(released);
  EXPECT_THROW(queued.get(), curfew::task_dropped);
  pool.shutdown();
  curfew::set_exception_hook(before);
}

TEST(PoolWorker, an_initialiser_that_ends_its_thread_breaks_the_pool) {
#if defined(_LIBCPP_VERSION)
  GTEST_SKIP() << "pthread_exit and libunwind do not go together on Debian 12";
#endif
  if (curfew_test::address_sanitizer) GTEST_SKIP() << "UBSan takes g++'s catch of a forced unwind for a null reference";
  thread_pool pool({.workers = 1, .initialiser = [] { ::pthread_exit(nullptr); }});
  auto queued = pool.submit([] {});
  EXPECT_THROW(queued.get(), curfew::task_dropped);
  EXPECT_THROW(pool.post([] {}), curfew::pool_closed);
}

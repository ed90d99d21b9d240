// SPDX-License-Identifier: Apache-2.0
// ThreadPoolShutdownTest of CPython's test_concurrent_futures/test_shutdown.py: what happens in a process that goes on.
#include <curfew/pool.hpp>
#include <curfew/registry.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>
#include <support/wait.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <vector>

using curfew::thread_pool;
using curfew_test::eventually;
using curfew_test::gate;
using namespace std::chrono_literals;

TEST(ThreadPoolShutdownTest, test_run_after_shutdown) {
  thread_pool pool;
  pool.shutdown();
  EXPECT_THROW(static_cast<void>(pool.submit([](int a, int b) { return a * b; }, 2, 5)), curfew::pool_closed);
}

// A short queue, many tasks, and a shutdown that comes while workers look for more: it ends, and all were run.
TEST(ThreadPoolShutdownTest, test_hang_issue12364) {
  thread_pool pool({.workers = 5});
  std::vector<std::future<void>> all;
  for (int i = 0; i < 50; ++i) all.push_back(pool.submit([] { std::this_thread::sleep_for(2ms); }));
  pool.shutdown();
  for (auto& f : all) EXPECT_EQ(f.wait_for(0s), std::future_status::ready);
}

TEST(ThreadPoolShutdownTest, test_cancel_futures) {
  thread_pool pool({.workers = 5});
  std::vector<std::future<int>> all;
  gate go;
  for (int i = 0; i < 50; ++i)
    all.push_back(pool.submit([&, i] {
      go.wait();
      return i;
    }));
  ASSERT_TRUE(eventually([&] { return pool.counts().running == 5; }));
  pool.shutdown({.wait = false, .cancel_pending = true});
  go.open();
  pool.shutdown();
  int dropped = 0, done = 0;
  for (int i = 0; i < 50; ++i) {
    try {
      EXPECT_EQ(all[i].get(), i);
      ++done;
    } catch (const curfew::task_dropped&) {
      ++dropped;
    }
  }
  EXPECT_GE(done, 1);
  EXPECT_LE(done, 5);
  EXPECT_EQ(done + dropped, 50);
}

TEST(ThreadPoolShutdownTest, test_hang_gh94440) {
  thread_pool pool({.workers = 1});
  pool.submit([] {}).get();
  auto dropped = pool.submit([] {});
  pool.shutdown({.wait = true, .cancel_pending = true});
  EXPECT_EQ(dropped.wait_for(0s), std::future_status::ready);
}

TEST(ThreadPoolShutdownTest, test_threads_terminate) {
  const auto before = curfew::active_count();
  thread_pool pool({.workers = 3});
  std::atomic<int> there{0};
  for (int i = 0; i < 3; ++i)
    pool.post([&] {
      ++there;
      EXPECT_TRUE(eventually([&] { return there == 3; }));
    });
  EXPECT_TRUE(eventually([&] { return there == 3; }));
  EXPECT_EQ(pool.counts().workers, 3U);
  EXPECT_EQ(curfew::active_count(), before + 3);
  pool.shutdown();
  EXPECT_EQ(curfew::active_count(), before);
}

TEST(ThreadPoolShutdownTest, test_context_manager_shutdown) {
  const auto before = curfew::active_count();
  {
    thread_pool pool({.workers = 5});
    EXPECT_EQ(pool.map(std::vector{-5, 3, -2}, [](int i) { return i < 0 ? -i : i; }), (std::vector{5, 3, 2}));
  }
  EXPECT_EQ(curfew::active_count(), before);
}

TEST(ThreadPoolShutdownTest, test_del_shutdown) {
  auto pool = std::make_unique<thread_pool>(curfew::pool_options{.workers = 5});
  auto f = pool->submit([] {
    std::this_thread::sleep_for(20ms);
    return 5;
  });
  pool.reset();
  EXPECT_EQ(f.wait_for(0s), std::future_status::ready);
  EXPECT_EQ(f.get(), 5);
}

// Without a wait the tasks are run all the same, and the workers end.
TEST(ThreadPoolShutdownTest, test_shutdown_no_wait) {
  thread_pool pool({.workers = 5});
  std::atomic<int> ran{0};
  for (int i = 0; i < 20; ++i) pool.post([&] { ++ran; });
  pool.shutdown({.wait = false});
  EXPECT_TRUE(eventually([&] { return ran == 20; }));
  EXPECT_TRUE(eventually([&] { return pool.counts().workers == 0; }));
}

TEST(ThreadPoolShutdownTest, test_thread_names_assign) {
  thread_pool pool({.name = "SpecialPool", .workers = 5});
  for (int i = 0; i < 20; ++i) {
    const auto name = pool.submit([] { return curfew::this_thread::name(); }).get();
    EXPECT_EQ(name.substr(0, 12), "SpecialPool-");
  }
}

TEST(ThreadPoolShutdownTest, test_thread_names_default) {
  thread_pool pool({.workers = 5});
  const auto name = pool.submit([] { return curfew::this_thread::name(); }).get();
  EXPECT_EQ(name, pool.name() + "-1");
  EXPECT_EQ(name.substr(0, 5), "pool-");
}

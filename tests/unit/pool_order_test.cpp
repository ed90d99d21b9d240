// SPDX-License-Identifier: Apache-2.0
// In which order a thread_pool's tasks start, and that none stands behind another.
#include <curfew/pool.hpp>

#include <gtest/gtest.h>
#include <support/wait.hpp>

#include <atomic>
#include <mutex>
#include <vector>

using curfew::thread_pool;
using curfew_test::eventually;
using curfew_test::gate;

namespace {

/// All its workers are kept by a task until the gate is opened: what is submitted meanwhile is queued.
void keep_busy(thread_pool& pool, int workers, const gate& go) {
  std::atomic<int> there{0};
  for (int i = 0; i < workers; ++i)
    pool.post([&there, &go] {
      ++there;
      go.wait();
    });
  ASSERT_TRUE(eventually([&] { return there == workers; }));
}

}  // namespace

// Each task but one waits for what the second does: were one of the others begun in place of it, all would wait.
TEST(PoolOrder, no_task_overtakes_one_that_stands_behind_a_blocked_one) {
  for (int round = 0; round < 20; ++round) {
    thread_pool pool({.workers = 2});
    gate go, second;
    keep_busy(pool, 2, go);
    std::atomic<int> waited{0};
    for (int i = 0; i < 40; ++i)
      pool.post([&, i] {
        if (i == 1) return second.open();
        if (eventually([&] { return second.is_open(); }, std::chrono::seconds(5))) ++waited;
      });
    go.open();
    pool.wait_idle();
    ASSERT_EQ(waited, 39);
  }
}

TEST(PoolOrder, tasks_start_in_order_while_one_blocks) {
  thread_pool pool({.workers = 2});
  gate go, last;
  keep_busy(pool, 2, go);
  std::mutex mutex;
  std::vector<int> order;
  pool.post([&] { last.wait(); });
  for (int i = 0; i < 200; ++i)
    pool.post([&, i] {
      const std::scoped_lock lock(mutex);
      order.push_back(i);
      if (i == 199) last.open();
    });
  go.open();
  pool.wait_idle();
  ASSERT_EQ(order.size(), 200U);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(order[i], i);
}

TEST(PoolOrder, every_task_that_has_not_begun_is_counted) {
  thread_pool pool({.workers = 1});
  gate go, more, begun;
  keep_busy(pool, 1, go);
  pool.post([&] {
    begun.open();
    more.wait();
  });
  for (int i = 0; i < 99; ++i) pool.post([] {});
  EXPECT_EQ(pool.counts().queued, 100U);
  go.open();
  begun.wait();
  EXPECT_EQ(pool.counts().queued, 99U);
  more.open();
  pool.wait_idle();
  EXPECT_EQ(pool.counts().queued, 0U);
}

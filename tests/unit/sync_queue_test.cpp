// SPDX-License-Identifier: Apache-2.0
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using curfew::blocking_queue;
using curfew_test::eventually;

void await_waiting(const curfew::jthread& t) {
  ASSERT_TRUE(eventually([&] { return t.info().state == curfew::thread_state::waiting; }));
}

TEST(BlockingQueue, gives_items_in_order) {
  blocking_queue<std::string> q;
  EXPECT_TRUE(q.empty());
  EXPECT_TRUE(q.push("one"));
  EXPECT_TRUE(q.push(std::string("two")));
  EXPECT_EQ(q.size(), 2U);
  EXPECT_EQ(q.pop(), "one");
  EXPECT_EQ(q.try_pop(), "two");
  EXPECT_EQ(q.try_pop(), std::nullopt);
  EXPECT_EQ(q.capacity(), blocking_queue<int>::unbounded);
}

TEST(BlockingQueue, a_full_one_makes_push_wait) {
  blocking_queue<int> q(2);
  EXPECT_TRUE(q.push(1));
  EXPECT_TRUE(q.push(2));
  EXPECT_FALSE(q.try_push(3));
  bool pushed = false;
  curfew::jthread t([&] { pushed = q.push(3); });
  await_waiting(t);
  EXPECT_EQ(q.size(), 2U);
  EXPECT_EQ(q.pop(), 1);
  t.join();
  EXPECT_TRUE(pushed);
  EXPECT_EQ(q.pop(), 2);
  EXPECT_EQ(q.pop(), 3);
}

TEST(BlockingQueue, what_push_does_not_take_is_left_as_it_was) {
  blocking_queue<std::unique_ptr<int>> q(1);
  EXPECT_TRUE(q.push(std::make_unique<int>(1)));
  auto item = std::make_unique<int>(2);
  EXPECT_FALSE(q.push_for(std::move(item), 1ms));
  ASSERT_NE(item, nullptr);  // NOLINT(bugprone-use-after-move): that is the point
  q.close();
  EXPECT_FALSE(q.push(std::move(item)));
  ASSERT_NE(item, nullptr);
  EXPECT_EQ(**q.pop(), 1);
}

TEST(BlockingQueue, close_ends_waits_and_lets_the_rest_be_taken) {
  blocking_queue<int> q(2);
  std::atomic<int> none{0};
  curfew::jthread popper([&] { none += !q.pop(); });
  await_waiting(popper);
  q.close();
  popper.join();
  EXPECT_EQ(none, 1);
  EXPECT_TRUE(q.closed());
  EXPECT_FALSE(q.push(1));
  EXPECT_FALSE(q.pop());

  blocking_queue<int> full(1);
  EXPECT_TRUE(full.push(1));
  bool pushed = true;
  curfew::jthread pusher([&] { pushed = full.push(2); });
  await_waiting(pusher);
  full.close();
  full.close();
  pusher.join();
  EXPECT_FALSE(pushed);
  EXPECT_EQ(full.pop(), 1);
  EXPECT_EQ(full.pop(), std::nullopt);
}

TEST(BlockingQueue, join_waits_for_task_done) {
  blocking_queue<int> q;
  EXPECT_TRUE(q.join()) << "nothing to be done";
  for (int i = 0; i < 3; ++i) q.push(i);
  std::atomic<bool> joined{false};
  curfew::jthread t([&] { joined = q.join(); });
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(q.pop(), i);
    await_waiting(t);
    EXPECT_FALSE(joined);
    q.task_done();
  }
  t.join();
  EXPECT_TRUE(joined);
}

TEST(BlockingQueue, task_done_too_often_is_an_error) {
  blocking_queue<int> q;
  EXPECT_THROW(q.task_done(), std::system_error);
  q.push(1);
  q.task_done();
  EXPECT_THROW(q.task_done(), std::system_error);
}

TEST(BlockingQueue, without_room_is_an_error) { EXPECT_THROW(blocking_queue<int>(0), std::system_error); }

TEST(BlockingQueue, many_producers_and_consumers_lose_nothing) {
  blocking_queue<int> q(3);
  constexpr int each = 2000;
  std::atomic<long> sum{0};
  std::vector<curfew::jthread> consumers;
  for (int i = 0; i < 3; ++i)
    consumers.emplace_back([&] {
      while (const auto item = q.pop()) {
        sum += *item;
        q.task_done();
      }
    });
  {
    std::vector<curfew::jthread> producers;
    for (int i = 0; i < 3; ++i)
      producers.emplace_back([&] {
        for (int k = 1; k <= each; ++k) EXPECT_TRUE(q.push(k));
      });
    for (auto& p : producers) p.join();
  }
  EXPECT_TRUE(q.join());
  q.close();
  for (auto& c : consumers) c.join();
  EXPECT_EQ(sum, 3L * each * (each + 1) / 2);
}

struct brittle {
  static inline int moves_left = 1000;
  int value;
  explicit brittle(int v) : value(v) {}
  brittle(brittle&& other) : value(other.value) {
    if (--moves_left < 0) throw std::runtime_error("a move");
  }
};

TEST(BlockingQueue, a_move_that_throws_leaves_the_item) {
  blocking_queue<brittle> q;
  q.push(5);
  brittle::moves_left = 0;
  EXPECT_THROW(static_cast<void>(q.pop()), std::runtime_error);
  brittle::moves_left = 1000;
  EXPECT_EQ(q.size(), 1U);
  EXPECT_EQ(q.pop()->value, 5);
}

}  // namespace

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
#include <utility>
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

template <class T, class Item>
concept pushable = requires(blocking_queue<T>& q, Item item) {
  q.push(item);
};
static_assert(pushable<std::string, const char*> && pushable<long, int>);
static_assert(!pushable<std::vector<int>, int>, "ten would be ten items");
static_assert(!pushable<std::unique_ptr<int>, int*>, "nobody has said that it is given up");

TEST(BlockingQueue, items_that_are_made_on_the_way) {
  blocking_queue<std::pair<int, std::string>> pairs;
  EXPECT_TRUE(pairs.push({1, "one"}));
  EXPECT_TRUE(pairs.push_for({2, "two"}, 1s));
  EXPECT_TRUE(pairs.try_push({3, "three"}));
  EXPECT_TRUE(pairs.emplace(4, "four"));
  for (const int i : {1, 2, 3, 4}) EXPECT_EQ(pairs.pop()->first, i);
  blocking_queue<std::unique_ptr<int>> owners(1);
  EXPECT_TRUE(owners.emplace(new int(5)));
  owners.close();
  EXPECT_FALSE(owners.emplace(nullptr));
  EXPECT_EQ(**owners.pop(), 5);
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
  q.push(brittle(5));
  brittle::moves_left = 0;
  EXPECT_THROW(static_cast<void>(q.pop()), std::runtime_error);
  brittle::moves_left = 1000;
  EXPECT_EQ(q.size(), 1U);
  EXPECT_EQ(q.pop()->value, 5);
}

// What a thread was woken for and does not take is another's.
TEST(BlockingQueue, a_copy_or_move_that_throws_leaves_nobody_waiting) {
  struct item {
    std::atomic<bool>* brittle;
    explicit item(std::atomic<bool>* b) : brittle(b) {}
    item(const item& other) : brittle(other.brittle) {
      if (brittle != nullptr && brittle->exchange(false)) throw std::runtime_error("a copy");
    }
  };
  std::atomic<bool> brittle{false};
  blocking_queue<item> full(1);
  const item bad(&brittle), good(nullptr);
  full.push(good);
  curfew::jthread thrower([&] { EXPECT_THROW(full.push(bad), std::runtime_error); });
  await_waiting(thrower);
  std::atomic<bool> pushed{false};
  curfew::jthread pusher([&] { pushed = full.push(good); });
  await_waiting(pusher);
  brittle = true;
  EXPECT_TRUE(full.pop());
  EXPECT_TRUE(eventually([&] { return pushed.load(); }, 3s));
  full.close();

  blocking_queue<item> empty;
  curfew::jthread first([&] { EXPECT_THROW(static_cast<void>(empty.pop()), std::runtime_error); });
  await_waiting(first);
  std::atomic<bool> popped{false};
  curfew::jthread second([&] { popped = empty.pop().has_value(); });
  await_waiting(second);
  brittle = true;
  empty.emplace(&brittle);
  EXPECT_TRUE(eventually([&] { return popped.load(); }, 3s));
  empty.close();
}

}  // namespace

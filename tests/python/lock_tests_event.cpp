// SPDX-License-Identifier: Apache-2.0
// EventTests and ConditionTests of CPython's lock_tests.py.
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/child.hpp>
#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using curfew_test::eventually;
using curfew_test::stopwatch;

constexpr int count = 5;

/// That many threads, all ended at the end of the block.
class bunch {
 public:
  template <class F>
  bunch(int n, F f) {
    for (int i = 0; i < n; ++i) threads_.emplace_back(f);
  }

 private:
  std::vector<std::jthread> threads_;
};

TEST(EventTests, test_is_set) {
  curfew::event e;
  EXPECT_FALSE(e.is_set());
  e.set();
  EXPECT_TRUE(e.is_set());
  e.set();
  EXPECT_TRUE(e.is_set());
  e.clear();
  EXPECT_FALSE(e.is_set());
  e.clear();
  EXPECT_FALSE(e.is_set());
}

TEST(EventTests, test_notify) {
  curfew::event e;
  for (int round = 0; round < 2; ++round) {
    std::atomic<int> first{0};
    std::atomic<int> second{0};
    {
      const bunch threads(count, [&] {
        first += e.wait();
        second += e.wait();
      });
      std::this_thread::sleep_for(5ms);
      EXPECT_EQ(first, 0);
      e.set();
    }
    EXPECT_EQ(first, count);
    EXPECT_EQ(second, count);
    e.clear();
  }
}

TEST(EventTests, test_timeout) {
  curfew::event e;
  for (const bool set : {false, true}) {
    if (set) e.set();
    std::atomic<int> right{0};
    {
      const bunch threads(count, [&] {
        right += e.wait_for(0s) == set;
        const stopwatch watch;
        right += e.wait_for(50ms) == set && (set || watch.elapsed() >= 50ms);
      });
    }
    EXPECT_EQ(right, 2 * count);
  }
}

TEST(EventTests, test_set_and_clear) {
  for (int round = 0; round < 20; ++round) {
    curfew::event e;
    std::atomic<int> released{0};
    std::vector<curfew::jthread> threads;
    for (int i = 0; i < 13; ++i) threads.emplace_back([&] { released += e.wait_for(20s); });
    for (const auto& t : threads)
      ASSERT_TRUE(eventually([&] { return t.info().state == curfew::thread_state::waiting; }));
    e.set();
    e.clear();
    for (auto& t : threads) t.join();
    EXPECT_EQ(released, 13) << "all that waited, although it is clear again when they wake";
  }
}

TEST(EventTests, test_at_fork_reinit) {
  // Another thread is inside the event at every moment at which a child may be made.
  curfew::event e;
  std::atomic<bool> enough{false};
  std::thread hammer([&] {
    while (!enough) {
      static_cast<void>(e.wait_for(std::chrono::microseconds(1)));
      e.set();
      e.clear();
    }
  });
  for (int i = 0; i < 50; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      e.clear();
      bool right = !e.wait_for(1ms);
      std::optional<std::jthread> setter;
      if (curfew_test::thread_sanitizer || curfew_test::address_sanitizer)
        e.set();  // they have no threads in the child of a process that had several, or no allocator
      else
        setter.emplace([&] { e.set(); });
      right = e.wait_for(10s) && right;
      setter.reset();
      ::_exit(right ? 0 : 1);
    }
    ASSERT_EQ(curfew_test::status_of_child(child), 0);
  }
  enough = true;
  hammer.join();
}

TEST(ConditionTests, test_acquire) {
  // The lock is one of the standard's: held outside of the wait, given up inside of it.
  curfew::condition c;
  std::recursive_mutex mutex;
  std::unique_lock lock(mutex);
  const std::unique_lock again(mutex);
  EXPECT_TRUE(again.owns_lock());
  std::timed_mutex plain;
  std::unique_lock held(plain);
  std::atomic<bool> taken{false};
  std::thread other([&] {
    const std::lock_guard hold(plain);
    taken = true;
  });
  EXPECT_FALSE(taken);
  EXPECT_FALSE(c.wait_for(held, 50ms, [&] { return taken && false; }));
  EXPECT_TRUE(taken);
  EXPECT_TRUE(held.owns_lock());
  EXPECT_FALSE(plain.try_lock());
  other.join();
}

TEST(ConditionTests, test_unacquired_wait) {
  curfew::condition c;
  std::mutex mutex;
  std::unique_lock lock(mutex, std::defer_lock);
  try {
    (void)c.wait(lock);
    ADD_FAILURE() << "no error";
  } catch (const std::system_error& e) {
    EXPECT_EQ(e.code(), std::errc::operation_not_permitted);
  }
  EXPECT_THROW((void)c.wait_for(lock, 1s, [] { return true; }), std::system_error);
}

TEST(ConditionTests, test_unacquired_notify) {
  // C++ allows it, and nothing is lost.
  curfew::condition c;
  c.notify_one();
  c.notify_all();
  std::mutex mutex;
  std::atomic<bool> ready{false};
  bool seen = false;
  std::jthread waiter([&] {
    std::unique_lock lock(mutex);
    seen = c.wait(lock, [&] { return ready.load(); });
  });
  {
    const std::lock_guard hold(mutex);
    ready = true;
  }
  c.notify_all();
  waiter.join();
  EXPECT_TRUE(seen);
}

TEST(ConditionTests, test_notify) {
  curfew::condition c;
  std::mutex mutex;
  int waiting = 0;
  int woken = 0;
  const auto wakes = [&](int n) {
    return eventually([&] {
      const std::lock_guard hold(mutex);
      return woken == n;
    });
  };
  {
    const bunch threads(count, [&] {
      std::unique_lock lock(mutex);
      ++waiting;
      EXPECT_TRUE(c.wait(lock));
      ++woken;
    });
    ASSERT_TRUE(eventually([&] {
      const std::lock_guard hold(mutex);
      return waiting == count;
    }));
    {
      const std::lock_guard hold(mutex);  // nobody was notified, so nobody has woken
      EXPECT_EQ(woken, 0);
      for (int i = 0; i < 3; ++i) c.notify_one();
    }
    EXPECT_TRUE(wakes(3));
    std::this_thread::sleep_for(5ms);
    EXPECT_TRUE(wakes(3)) << "one each";
    c.notify_one();
    EXPECT_TRUE(wakes(4));
    c.notify_all();
    EXPECT_TRUE(wakes(count));
    c.notify_all();
  }
  EXPECT_EQ(woken, count);
}

TEST(ConditionTests, test_timeout) {
  curfew::condition c;
  std::mutex mutex;
  std::atomic<int> late{0};
  {
    const bunch threads(count, [&] {
      std::unique_lock lock(mutex);
      const stopwatch watch;
      late += !c.wait_for(lock, 50ms) && watch.elapsed() >= 50ms && lock.owns_lock();
    });
  }
  EXPECT_EQ(late, count);
}

TEST(ConditionTests, test_waitfor) {
  curfew::condition c;
  std::mutex mutex;
  int state = 0;
  bool reached = false;
  std::jthread waiter([&] {
    std::unique_lock lock(mutex);
    reached = c.wait(lock, [&] { return state == 4; });
  });
  for (int i = 0; i < 4; ++i) {
    std::this_thread::sleep_for(1ms);
    const std::lock_guard hold(mutex);
    ++state;
    c.notify_one();
  }
  waiter.join();
  EXPECT_TRUE(reached);
  EXPECT_EQ(state, 4);
}

TEST(ConditionTests, test_waitfor_timeout) {
  curfew::condition c;
  std::mutex mutex;
  int state = 0;
  bool reached = true;
  std::chrono::milliseconds took{0};
  std::jthread waiter([&] {
    std::unique_lock lock(mutex);
    const stopwatch watch;
    reached = c.wait_for(lock, 100ms, [&] { return state == 4; });
    took = watch.elapsed();
  });
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(1ms);
    const std::lock_guard hold(mutex);
    ++state;
    c.notify_one();
  }
  waiter.join();
  EXPECT_FALSE(reached);
  EXPECT_GE(took, 100ms) << "a waking does not begin the limit anew, nor end it";
}

}  // namespace

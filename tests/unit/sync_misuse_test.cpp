// SPDX-License-Identifier: Apache-2.0
// Destroying what a thread waits on ends the program, and says who waits.
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <memory>
#include <mutex>
#include <thread>

namespace {

using curfew_test::eventually;

/// In a death test's own process: starts a waiter, and destroys what it waits on once it does.
template <class Primitive, class Wait>
[[noreturn]] void destroy_under_waiter(Primitive* p, Wait wait) {
  curfew::thread waiter([&] { wait(*p); });
  if (!eventually([&] { return waiter.info().state == curfew::thread_state::waiting; })) std::_Exit(3);
  delete p;
  std::_Exit(4);
}

class SyncMisuseDeathTest : public testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(SyncMisuseDeathTest, event) {
  EXPECT_DEATH(destroy_under_waiter(new curfew::event, [](auto& e) { e.wait(); }),
               "curfew: an event is destroyed while the thread .#[0-9]+. waits on it");
}

TEST_F(SyncMisuseDeathTest, semaphore) {
  EXPECT_DEATH(destroy_under_waiter(new curfew::bounded_semaphore(0), [](auto& s) { static_cast<void>(s.acquire()); }),
               "curfew: a bounded_semaphore is destroyed while the thread .#[0-9]+. waits on it");
}

TEST_F(SyncMisuseDeathTest, barrier) {
  EXPECT_DEATH(destroy_under_waiter(new curfew::barrier(2), [](auto& b) { b.wait(); }),
               "curfew: a barrier is destroyed while the thread .#[0-9]+. waits on it");
}

TEST_F(SyncMisuseDeathTest, condition) {
  static std::mutex mutex;
  EXPECT_DEATH(destroy_under_waiter(new curfew::condition,
                                    [](auto& c) {
                                      std::unique_lock lock(mutex);
                                      (void)c.wait(lock);
                                    }),
               "curfew: a condition is destroyed while the thread .#[0-9]+. waits on it");
}

TEST_F(SyncMisuseDeathTest, queue) {
  EXPECT_DEATH(destroy_under_waiter(new curfew::blocking_queue<int>, [](auto& q) { static_cast<void>(q.pop()); }),
               "curfew: a blocking_queue is destroyed while the thread .#[0-9]+. waits on it");
}

TEST_F(SyncMisuseDeathTest, queue_that_a_daemon_waits_on_too) {
  EXPECT_DEATH(
      {
        curfew::blocking_queue<int>* const q = new curfew::blocking_queue<int>(1);
        q->push(1);
        curfew::thread daemon({.daemon = true}, [&] { q->join(); });
        if (!eventually([&] { return daemon.info().state == curfew::thread_state::waiting; })) std::_Exit(3);
        destroy_under_waiter(q, [](auto& full) { full.push(2); });
      },
      "curfew: a blocking_queue is destroyed while the thread .#[0-9]+. waits on it");
}

TEST_F(SyncMisuseDeathTest, line_reader) {
  EXPECT_DEATH(
      {
        int ends[2];
        if (::pipe(ends) != 0) std::_Exit(3);
        destroy_under_waiter(new curfew::line_reader(ends[0]), [](auto& r) { static_cast<void>(r.read_line()); });
      },
      "curfew: a line_reader is destroyed while the thread .#[0-9]+. waits on it");
}

TEST_F(SyncMisuseDeathTest, event_under_a_foreign_thread) {
  EXPECT_DEATH(
      {
        auto* const e = new curfew::event;
        std::thread waiter([&] { e->wait(); });
        for (;;) {  // until it waits
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
          e->~event();
        }
      },
      "curfew: an event is destroyed while a foreign thread waits on it");
}

}  // namespace

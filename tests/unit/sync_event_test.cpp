// SPDX-License-Identifier: Apache-2.0
// What Python's rows do not ask of events, semaphores, conditions and barriers.
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/sanitizers.hpp>
#include <support/single_step.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using curfew::broken_barrier;
using curfew_test::eventually;
using curfew_test::gate;

void await_waiting(const curfew::jthread& t) {
  ASSERT_TRUE(eventually([&] { return t.info().state == curfew::thread_state::waiting; }));
}

TEST(Event, may_be_destroyed_by_who_has_waited) {
  // While set() is still under way on the other thread. The sanitizers look.
  for (int i = 0; i < 2000; ++i) {
    auto e = std::make_unique<curfew::event>();
    std::atomic<curfew::event*> shared{e.get()};
    curfew::jthread setter([&] { shared.load()->set(); });
    EXPECT_TRUE(e->wait());
    e.reset();
  }
}

#if CURFEW_TEST_CAN_STEP
/// The calling thread is single-stepped until it has set the event, and then held up for a moment.
std::atomic<curfew::event*> stepped_to{nullptr};

void hold_up_once_set(int, siginfo_t*, void* context) {
  curfew::event* const e = stepped_to.load();
  if (e == nullptr || !e->is_set()) return;
  stepped_to = nullptr;
  curfew_test::end_stepping(context);
  std::this_thread::sleep_for(100ms);
}

TEST(Event, one_in_the_place_of_another_is_not_woken_by_its_set) {
  if (curfew_test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer delays signals";
  struct sigaction action {};
  struct sigaction before {};
  action.sa_sigaction = &hold_up_once_set;
  action.sa_flags = SA_SIGINFO;
  ASSERT_EQ(::sigaction(SIGTRAP, &action, &before), 0);
  alignas(curfew::event) unsigned char place[sizeof(curfew::event)];
  auto* const first = new (place) curfew::event;
  EXPECT_FALSE(first->wait_for(0s)) << "from now on it may be waited for";
  stepped_to = first;
  std::jthread setter([first] {
    curfew_test::begin_stepping();
    first->set();
  });
  EXPECT_TRUE(eventually([&] { return stepped_to == nullptr; })) << "it is set, and its setter held up";
  first->~event();
  auto* const second = new (place) curfew::event;
  EXPECT_FALSE(second->wait_for(200ms)) << "nobody has set it";
  setter.join();
  second->~event();
  ::sigaction(SIGTRAP, &before, nullptr);
}
#endif

TEST(Event, of_static_storage_is_there_before_everything) {
  static constinit curfew::event early;
  EXPECT_FALSE(early.wait_for(0s));
}

TEST(Event, a_thousand_waiters) {
  curfew::event e;
  std::atomic<int> woken{0};
  std::vector<curfew::jthread> threads;
  for (int i = 0; i < 200; ++i) threads.emplace_back([&] { woken += e.wait(); });
  e.set();
  for (auto& t : threads) t.join();
  EXPECT_EQ(woken, 200);
}

TEST(Event, set_races_with_stop) {
  for (int i = 0; i < 500; ++i) {
    curfew::event e;
    std::atomic<int> ended{0};
    curfew::jthread waiter([&] { ended += 1 + e.wait(); });
    curfew::jthread setter([&] { e.set(); });
    waiter.request_stop();
    waiter.join();
    setter.join();
    EXPECT_GE(ended, 1);
  }
}

TEST(Semaphore, gives_permits_in_the_order_of_asking) {
  curfew::bounded_semaphore s(0, 3);
  std::mutex mutex;
  std::vector<int> order;
  std::vector<curfew::jthread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      EXPECT_TRUE(s.acquire());
      const std::lock_guard hold(mutex);
      order.push_back(i);
    });
    await_waiting(threads.back());
  }
  for (std::size_t i = 1; i <= 3; ++i) {
    s.release();
    ASSERT_TRUE(eventually([&] {
      const std::lock_guard hold(mutex);
      return order.size() == i;
    }));
  }
  EXPECT_EQ(order, (std::vector{0, 1, 2}));
}

TEST(Semaphore, no_permit_is_lost_or_made_by_stops_and_limits) {
  curfew::bounded_semaphore s(3);
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::atomic<bool> enough{false};
  std::vector<curfew::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      while (!enough) {
        std::stop_source source;
        curfew::jthread asker;
        if (i == 0) asker = curfew::jthread([source]() mutable { source.request_stop(); });
        if (!s.try_acquire_for(source.get_token(), std::chrono::microseconds(i * 20))) continue;
        const int now = ++inside;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::yield();
        --inside;
        s.release();
      }
    });
  std::this_thread::sleep_for(300ms);
  enough = true;
  threads.clear();
  EXPECT_LE(most, 3);
  EXPECT_EQ(s.value(), 3);
}

TEST(Semaphore, permits_beyond_the_bound_are_refused_as_a_whole) {
  curfew::bounded_semaphore s(1, 3);
  EXPECT_THROW(s.release(3), std::system_error);
  EXPECT_EQ(s.value(), 1);
  s.release(2);
  EXPECT_EQ(s.value(), 3);
  EXPECT_THROW(s.release(std::numeric_limits<std::ptrdiff_t>::max()), std::system_error);
  EXPECT_THROW(curfew::bounded_semaphore(2, 1), std::system_error);
}

TEST(Condition, a_stop_does_not_swallow_a_notification) {
  // Two wait; one is stopped at the moment of the one notification: exactly one of them must go on with the item.
  for (int i = 0; i < 300; ++i) {
    curfew::condition c;
    std::mutex mutex;
    int items = 0;
    std::atomic<int> taken{0};
    const auto take = [&] {
      std::unique_lock lock(mutex);
      if (!c.wait(lock, [&] { return items > 0; })) return;
      --items;
      ++taken;
    };
    std::optional<curfew::jthread> a(take);
    std::optional<curfew::jthread> b(take);
    curfew::jthread notifier([&] {
      const std::lock_guard hold(mutex);
      items = 1;
      c.notify_one();
    });
    a->request_stop();
    a->join();
    notifier.join();
    EXPECT_TRUE(eventually([&] { return taken == 1; })) << "the one that was not stopped takes what is left";
    b.reset();
  }
}

TEST(Condition, takes_any_lock) {
  struct spin {
    std::atomic_flag taken;
    void lock() {
      while (taken.test_and_set()) std::this_thread::yield();
    }
    void unlock() { taken.clear(); }
  } lock;
  curfew::condition c;
  lock.lock();
  EXPECT_FALSE(c.wait_for(lock, 1ms));
  EXPECT_TRUE(lock.taken.test()) << "held again";
  lock.unlock();
}

TEST(Barrier, an_action_that_throws_breaks_it) {
  curfew::barrier b(3, [] { throw std::runtime_error("the action"); });
  std::atomic<int> broken{0};
  std::atomic<int> thrown{0};
  {
    std::vector<curfew::jthread> threads;
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&] {
        try {
          b.wait();
        } catch (const broken_barrier& e) {
          broken += e.why() == broken_barrier::reason::action_failed;
        } catch (const std::runtime_error&) {
          ++thrown;
        }
      });
    for (auto& t : threads) t.join();
  }
  EXPECT_EQ(thrown, 1);
  EXPECT_EQ(broken, 2);
  EXPECT_TRUE(b.broken());
}

TEST(Barrier, one_that_is_stopped_breaks_it_for_all) {
  curfew::barrier b(3);
  std::atomic<int> stopped{0};
  std::vector<curfew::jthread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] {
      try {
        b.wait();
      } catch (const broken_barrier& e) {
        stopped += e.why() == broken_barrier::reason::stopped;
      }
    });
  ASSERT_TRUE(eventually([&] { return b.n_waiting() == 2; }));
  threads[0].request_stop();
  for (auto& t : threads) t.join();
  EXPECT_EQ(stopped, 2);
  EXPECT_THROW(b.wait(), broken_barrier);
  EXPECT_EQ(b.n_waiting(), 0);
  b.reset();
  EXPECT_FALSE(b.broken());
}

class BarrierAction : public testing::Test {
 protected:
  gate acting;
  gate go_on;
  curfew::barrier b{2, [this] {
                      acting.open();
                      go_on.wait();
                    }};
  std::atomic<int> passed{0};
  std::atomic<int> stopped{0};
  std::atomic<int> aborted{0};

  void wait(std::chrono::milliseconds limit = 1h) {
    try {
      b.wait_for(limit);
      ++passed;
    } catch (const broken_barrier& e) {
      stopped += e.why() == broken_barrier::reason::stopped;
      aborted += e.why() == broken_barrier::reason::aborted;
    }
  }
};

TEST_F(BarrierAction, a_limit_that_passes_meanwhile_breaks_nothing) {
  // Long enough for the second to come.
  curfew::jthread first([&] { wait(300ms); });
  ASSERT_TRUE(eventually([&] { return b.n_waiting() == 1 || b.broken(); }));
  if (b.broken()) GTEST_SKIP() << "the machine was too slow";
  curfew::jthread second([&] { wait(); });
  acting.wait();
  std::this_thread::sleep_for(350ms);
  EXPECT_FALSE(b.broken());
  go_on.open();
  first.join();
  second.join();
  EXPECT_EQ(passed, 2);
}

TEST_F(BarrierAction, a_stop_request_meanwhile_breaks_it) {
  curfew::jthread first([&] { wait(); });
  ASSERT_TRUE(eventually([&] { return b.n_waiting() == 1; }));
  curfew::jthread second([&] { wait(); });
  acting.wait();
  first.request_stop();
  first.join();
  EXPECT_EQ(stopped, 1);
  go_on.open();
  second.join();
  EXPECT_EQ(stopped, 2);
  EXPECT_EQ(passed, 0);
}

TEST_F(BarrierAction, abort_meanwhile_breaks_it_and_reset_does_not) {
  curfew::jthread first([&] { wait(); });
  curfew::jthread second([&] { wait(); });
  acting.wait();
  b.reset();
  EXPECT_FALSE(b.broken());
  EXPECT_EQ(b.n_waiting(), 2);
  b.abort();
  EXPECT_TRUE(b.broken());
  go_on.open();
  first.join();
  second.join();
  EXPECT_EQ(aborted, 2);
}

TEST_F(BarrierAction, who_comes_meanwhile_belongs_to_the_next_round) {
  std::vector<curfew::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { wait(); });
  acting.wait();
  std::this_thread::sleep_for(5ms);
  EXPECT_EQ(passed, 0);
  {
    curfew::jthread impatient([&] { wait(1ms); });
  }
  EXPECT_FALSE(b.broken()) << "it had not come in yet";
  go_on.open();
  for (auto& t : threads) t.join();
  EXPECT_EQ(passed, 4);
}

}  // namespace

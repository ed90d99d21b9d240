// SPDX-License-Identifier: Apache-2.0
#include <curfew/pool.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>
#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using curfew::at_exit;
using curfew_test::eventually;
using curfew_test::gate;
using namespace std::chrono_literals;

namespace {

struct counted {
  explicit counted(std::atomic<int>& n) : alive(&n) { ++*alive; }
  counted(const counted& other) : alive(other.alive) { ++*alive; }
  ~counted() { --*alive; }
  counted& operator=(const counted&) = delete;
  std::atomic<int>* alive;
};

template <class F>
bool breaks_a_rule(F f) {
  try {
    f();
  } catch (const std::future_error& error) {
    return error.code() == std::future_errc::no_state;
  }
  return false;
}

}  // namespace

TEST(PoolFuture, has_a_task_until_get) {
  curfew::thread_pool pool({.workers = 1});
  curfew::future<int> empty;
  EXPECT_FALSE(empty.valid());
  curfew::future<int> one = pool.submit([] { return 1; });
  EXPECT_TRUE(one.valid());
  curfew::future<int> moved = std::move(one);
  EXPECT_FALSE(one.valid());  // NOLINT(bugprone-use-after-move): that is the question
  empty = std::move(moved);
  EXPECT_FALSE(moved.valid());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(empty.get(), 1);
  EXPECT_FALSE(empty.valid());
}

TEST(PoolFuture, without_a_task_says_no_state) {
  curfew::future<int> empty;
  EXPECT_TRUE(breaks_a_rule([&] { empty.get(); }));
  EXPECT_TRUE(breaks_a_rule([&] { empty.wait(); }));
  EXPECT_TRUE(breaks_a_rule([&] { static_cast<void>(empty.wait(std::stop_token())); }));
  EXPECT_TRUE(breaks_a_rule([&] { static_cast<void>(empty.wait_for(0s)); }));
  EXPECT_TRUE(breaks_a_rule([&] { static_cast<void>(empty.wait_until(std::chrono::steady_clock::now())); }));
  EXPECT_TRUE(breaks_a_rule([&] { std::future<int> other = std::move(empty); }));
  EXPECT_TRUE(breaks_a_rule([&] { static_cast<void>(empty.share()); }));
}

TEST(PoolFuture, carries_every_kind_of_result) {
  curfew::thread_pool pool({.workers = 2});
  int target = 0;
  EXPECT_EQ(&pool.submit([&]() -> int& { return target; }).get(), &target);
  EXPECT_EQ(*pool.submit([] { return std::make_unique<int>(3); }).get(), 3);
  EXPECT_EQ(pool.submit([]() -> const std::string { return "constant"; }).get(), "constant");
  EXPECT_EQ(pool.submit([] { return std::vector<int>(1000, 7); }).get().size(), 1000U);
  struct alignas(256) wide {
    std::uintptr_t own;
    wide() : own(reinterpret_cast<std::uintptr_t>(this)) {}
    wide(const wide& other) : own(other.own) {}
  };
  EXPECT_EQ(pool.submit([] { return wide(); }).get().own % 256, 0U);
  pool.submit([] {}).get();
}

TEST(PoolFuture, throws_what_the_task_has_thrown) {
  curfew::thread_pool pool({.workers = 1});
  auto f = pool.submit([]() -> std::string { throw std::runtime_error("oops"); });
  f.wait();
  try {
    f.get();
    ADD_FAILURE() << "it has thrown nothing";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "oops");
  }
  EXPECT_FALSE(f.valid());
}

TEST(PoolFuture, of_a_dropped_task_throws_task_dropped) {
  curfew::thread_pool pool({.workers = 1});
  gate begun, g;
  auto first = pool.submit([&] {
    begun.open();
    g.wait();
  });
  begun.wait();
  auto dropped = pool.submit([] { return 1; });
  std::future<int> other = pool.submit([] { return 1; });
  pool.shutdown({.wait = false, .cancel_pending = true});
  EXPECT_EQ(dropped.wait_for(0s), std::future_status::ready);
  EXPECT_THROW(dropped.get(), curfew::task_dropped);
  EXPECT_THROW(other.get(), curfew::task_dropped);
  g.open();
  first.get();
}

TEST(PoolFuture, of_a_task_that_ended_its_thread_is_a_broken_promise) {
#if !defined(__GLIBCXX__)
  GTEST_SKIP() << "libc++ has no name for the unwinding of pthread_exit";
#else
  if (curfew_test::address_sanitizer) GTEST_SKIP() << "it does not know pthread_exit";
  curfew::thread_pool pool({.workers = 1});
  auto f = pool.submit([]() -> int { ::pthread_exit(nullptr); });
  std::future<int> other = pool.submit([]() -> int { ::pthread_exit(nullptr); });
  for (auto get : {std::function<void()>([&] { f.get(); }), std::function<void()>([&] { other.get(); })}) {
    try {
      get();
      ADD_FAILURE() << "it has thrown nothing";
    } catch (const std::future_error& error) {
      EXPECT_EQ(error.code(), std::future_errc::broken_promise);
    }
  }
  EXPECT_EQ(pool.submit([] { return 1; }).get(), 1) << "another worker does the rest";
#endif
}

TEST(PoolFuture, a_result_that_is_not_wanted_is_destroyed) {
  std::atomic<int> alive{0};
  {
    curfew::thread_pool pool({.workers = 2});
    gate g;
    for (int i = 0; i < 100; ++i) {
      static_cast<void>(pool.submit([&] { return counted(alive); }));  // early or late, as chance wills
      static_cast<void>(pool.submit([&] { return counted(alive); }).wait_for(1us));
    }
    auto early = pool.submit([&] {
      g.wait();
      return counted(alive);
    });
    { const auto gone = std::move(early); }
    g.open();
    auto late = pool.submit([&] { return counted(alive); });
    late.wait();
    EXPECT_GE(alive, 1);
  }
  EXPECT_EQ(alive, 0);
}

// The destructor of a result may use the pool as the task itself may.
TEST(PoolFuture, an_unwanted_results_destructor_may_wait_for_another_task) {
  curfew::thread_pool pool({.workers = 2});
  std::atomic<int> done{0};
  struct asks {
    curfew::thread_pool* pool;
    std::atomic<int>* done;
    asks(curfew::thread_pool& p, std::atomic<int>& d) : pool(&p), done(&d) {}
    asks(asks&& other) noexcept : pool(std::exchange(other.pool, nullptr)), done(other.done) {}
    asks& operator=(asks&&) = delete;
    ~asks() {
      if (pool != nullptr) pool->submit([d = done] { ++*d; }).get();
    }
  };
  constexpr int count = 500;
  for (int i = 0; i < count; ++i) {
    {
      const auto unwanted = pool.submit([&] { return asks(pool, done); });
    }
    ASSERT_TRUE(eventually([&] { return done == i + 1; })) << i;
  }
}

TEST(PoolFuture, waits_end_at_their_limit) {
  curfew::thread_pool pool({.workers = 1});
  gate g;
  const auto f = pool.submit([&] { g.wait(); });
  EXPECT_EQ(f.wait_for(0s), std::future_status::timeout);
  EXPECT_EQ(f.wait_for(-1h), std::future_status::timeout);
  EXPECT_EQ(f.wait_for(1ms), std::future_status::timeout);
  EXPECT_EQ(f.wait_until(std::chrono::system_clock::now() - 1h), std::future_status::timeout);
  EXPECT_EQ(f.wait_until(std::chrono::steady_clock::now() + 1ms), std::future_status::timeout);
  g.open();
  EXPECT_EQ(f.wait_for(std::chrono::hours::max()), std::future_status::ready);
  EXPECT_EQ(f.wait_until(std::chrono::system_clock::time_point::max()), std::future_status::ready);
  EXPECT_EQ(f.wait_for(0s), std::future_status::ready);
}

TEST(PoolFuture, only_a_wait_with_a_token_ends_on_stop) {
  curfew::thread_pool pool({.workers = 1});
  gate g;
  auto f = pool.submit([&] {
    g.wait();
    return 5;
  });
  std::atomic<int> stage{0};
  curfew::jthread asked([&](const std::stop_token& stop) {
    EXPECT_FALSE(f.wait(stop));
    EXPECT_EQ(f.wait_for(1ms), std::future_status::timeout);
    stage = 1;
    EXPECT_EQ(f.get(), 5);
    stage = 2;
  });
  asked.request_stop();
  EXPECT_TRUE(eventually([&] { return stage == 1; }));
  g.open();
  asked.join();
  EXPECT_EQ(stage, 2);
  EXPECT_TRUE(pool.submit([] {}).wait(std::stop_token()));
}

TEST(PoolFuture, several_threads_may_wait_for_one) {
  curfew::thread_pool pool({.workers = 1});
  for (int round = 0; round < 50; ++round) {
    gate g;
    std::atomic<int> seen{0};
    const auto f = pool.submit([&] { g.wait(); });
    {
      std::vector<curfew::jthread> all;
      for (int i = 0; i < 4; ++i)
        all.emplace_back([&] {
          f.wait();
          ++seen;
        });
      if (round % 2 != 0) std::this_thread::sleep_for(1ms);
      g.open();
    }
    EXPECT_EQ(seen, 4);
  }
}

TEST(PoolFuture, outlives_its_pool) {
  std::optional<curfew::future<std::string>> f;
  {
    curfew::thread_pool pool({.workers = 1});
    f = pool.submit([] { return std::string(100, 'x'); });
  }
  EXPECT_EQ(f->get().size(), 100U);
}

TEST(PoolFuture, turns_into_a_std_future) {
  curfew::thread_pool pool({.workers = 1});
  gate g;
  std::future<int> early = pool.submit([&] {
    g.wait();
    return 1;
  });
  EXPECT_EQ(early.wait_for(1ms), std::future_status::timeout);
  g.open();
  EXPECT_EQ(early.get(), 1);

  auto late = pool.submit([] { return std::make_unique<int>(2); });
  late.wait();
  const std::future<std::unique_ptr<int>> ready = std::move(late);
  EXPECT_EQ(ready.wait_for(0s), std::future_status::ready);

  int target = 0;
  std::future<int&> reference = pool.submit([&]() -> int& { return target; });
  EXPECT_EQ(&reference.get(), &target);
  std::future<void> thrown = pool.submit([] { throw std::runtime_error("oops"); });
  EXPECT_THROW(thrown.get(), std::runtime_error);
  std::vector<std::future<void>> all;
  for (int i = 0; i < 100; ++i) all.push_back(pool.submit([] {}));
  for (auto& f : all) f.get();

  const std::shared_future<int> shared = pool.submit([] { return 3; }).share();
  EXPECT_EQ(shared.get() + shared.get(), 6);
}

TEST(PoolFuture, a_std_future_holds_what_a_moved_result_throws) {
  struct brittle {
    brittle() = default;
    brittle(brittle&&) { throw std::runtime_error("broken"); }  // NOLINT(performance-noexcept-move-constructor)
  };
  curfew::thread_pool pool({.workers = 1});
  std::future<brittle> f = pool.submit([] { return brittle(); });
  EXPECT_THROW(f.get(), std::runtime_error);
  auto own = pool.submit([] { return brittle(); });
  EXPECT_THROW(own.get(), std::runtime_error);
}

// Between the end of a task and the waits for it there is every order: many short ones meet most of them.
TEST(PoolFuture, results_come_whatever_the_waiter_does_meanwhile) {
  curfew::thread_pool pool({.workers = 2});
  long sum = 0;
  constexpr int rounds = 1000;
  for (int i = 0; i < rounds; ++i) {
    auto f = pool.submit([i] { return i; });
    switch (i % 5) {
      case 0:
        sum += f.get();
        break;
      case 1:
        while (f.wait_for(1us) != std::future_status::ready) {
        }
        sum += f.get();
        break;
      case 2:
        sum += std::future<int>(std::move(f)).get();
        break;
      case 3:
        std::this_thread::yield();
        sum += f.get();
        break;
      default:
        static_cast<void>(f.wait_for(1us));
        sum += i;
    }
  }
  EXPECT_EQ(sum, static_cast<long>(rounds) * (rounds - 1) / 2);
}

TEST(PoolFuture, a_task_is_waited_for_in_recycled_threads_too) {
  std::vector<curfew::jthread> all;
  std::atomic<long> sum{0};
  for (int t = 0; t < 4; ++t)
    all.emplace_back([&] {
      for (int i = 0; i < 500; ++i) sum += curfew::recycle([i] { return i; }).get();
    });
  for (auto& t : all) t.join();
  EXPECT_EQ(sum, 4 * 500L * 499 / 2);
}

TEST(PoolFuture, when_it_is_ready_its_worker_is_idle) {
  curfew::thread_pool pool({.workers = 1});
  for (int i = 0; i < 1000; ++i) {
    pool.submit([] {}).get();
    ASSERT_EQ(pool.counts().running, 0U) << i;
  }
}

TEST(PoolFuture, a_forked_child_can_give_up_the_parents) {
  if (curfew_test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer has no threads after a fork";
  if (curfew_test::address_sanitizer)
    GTEST_SKIP() << "AddressSanitizer's allocator may be locked for ever after a fork";
  curfew::thread_pool pool({.workers = 1});
  gate g;
  {
    auto pending = pool.submit([&] {
      g.wait();
      return std::string("parent");
    });
    auto ready = pool.submit(at_exit::abandon, [] { return std::string("never begun"); });
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      if (pending.wait_for(1ms) != std::future_status::timeout) ::_exit(1);
      { const auto gone = std::move(pending); }
      ::_exit(pool.submit([] { return 7; }).get());
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 7);
    g.open();
    EXPECT_EQ(pending.get(), "parent");
    EXPECT_EQ(ready.get(), "never begun");
  }
}

// SPDX-License-Identifier: Apache-2.0
// thread_pool in a process that goes on.
#include <curfew/exception_hook.hpp>
#include <curfew/pool.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>
#include <support/error_of.hpp>
#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

using curfew::at_exit;
using curfew::thread_pool;
using curfew_test::code_of;
using curfew_test::eventually;
using curfew_test::gate;
using namespace std::chrono_literals;

namespace {

struct quiet_hook {
  std::atomic<int> calls{0};
  std::string what;
  curfew::exception_hook before = curfew::set_exception_hook([this](const curfew::thread_exception& e) {
    try {
      std::rethrow_exception(e.exception);
    } catch (const std::exception& x) {
      what = x.what();
    }
    ++calls;
  });
  ~quiet_hook() { curfew::set_exception_hook(before); }
};

}  // namespace

TEST(Pool, submit_returns_what_the_task_returns) {
  thread_pool pool({.workers = 2});
  EXPECT_EQ(pool.submit([](int a, int b) { return a + b; }, 40, 2).get(), 42);
  int n = 1;
  EXPECT_EQ(&pool.submit([](int& i) -> int& { return i; }, std::ref(n)).get(), &n);
  pool.submit([&] { n = 2; }).get();
  EXPECT_EQ(n, 2);
  struct adder {
    int base;
    int add(int i) const { return base + i; }
  };
  EXPECT_EQ(pool.submit(&adder::add, adder{40}, 2).get(), 42);
  auto owned = std::make_unique<int>(7);
  EXPECT_EQ(pool.submit([p = std::move(owned)] { return *p; }).get(), 7);
  struct alignas(128) wide {
    char bytes[300] = {5};
  };
  EXPECT_EQ(pool.submit([w = wide{}] { return reinterpret_cast<std::uintptr_t>(&w) % 128 + w.bytes[0]; }).get(), 5);
}

// Who has the result may destroy what the task refers to.
TEST(Pool, what_a_task_holds_is_gone_when_its_future_is_ready) {
  struct held {
    std::atomic<bool>& gone;
    explicit held(std::atomic<bool>& g) : gone(g) {}
    held(const held&) = delete;
    held& operator=(const held&) = delete;
    ~held() {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      gone = true;
    }
  };
  thread_pool pool({.workers = 1});
  const auto is_gone_after = [&](auto function) {
    std::atomic<bool> gone{false};
    auto future = pool.submit([function, h = std::make_unique<held>(gone)]() -> decltype(auto) { return function(); });
    future.wait();
    const bool in_time = gone;
    return eventually([&] { return gone.load(); }) && in_time;
  };
  static int n = 1;
  EXPECT_TRUE(is_gone_after([] {}));
  EXPECT_TRUE(is_gone_after([] { return 1; }));
  EXPECT_TRUE(is_gone_after([]() -> int& { return n; }));
  EXPECT_TRUE(is_gone_after([] { return std::make_unique<int>(1); }));
  EXPECT_TRUE(is_gone_after([]() -> int { throw std::runtime_error("oops"); }));
}

TEST(Pool, a_result_whose_move_throws_is_an_exception_of_the_task) {
  if (curfew_test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer's pthread_once hangs after an exception";
  struct brittle {
    brittle() = default;
    brittle(brittle&&) { throw std::runtime_error("a move"); }
  };
  thread_pool pool({.workers = 1});
  auto future = pool.submit([] { return brittle(); });
  EXPECT_THROW(future.get(), std::runtime_error);
}

TEST(Pool, an_exception_goes_to_the_future) {
  thread_pool pool({.workers = 1});
  auto future = pool.submit([]() -> int { throw std::runtime_error("oops"); });
  EXPECT_THROW(future.get(), std::runtime_error);
  EXPECT_EQ(pool.submit([] { return 1; }).get(), 1);
}

TEST(Pool, an_exception_of_a_posted_task_goes_to_the_hook) {
  quiet_hook hook;
  thread_pool pool({.workers = 1});
  pool.post([] { throw std::runtime_error("posted"); });
  pool.post([] { throw curfew::thread_exit(); });
  pool.wait_idle();
  EXPECT_EQ(hook.calls, 1);
  EXPECT_EQ(hook.what, "posted");
  EXPECT_EQ(pool.counts().workers, 1U);  // the worker goes on
}

TEST(Pool, tasks_start_in_order) {
  thread_pool pool({.workers = 1});
  std::vector<int> order;
  gate go;
  pool.post([&] { go.wait(); });
  for (int i = 0; i < 1000; ++i)
    pool.post(i % 3 == 1 ? at_exit::abandon : at_exit::finish, [&, i] { order.push_back(i); });
  go.open();
  pool.wait_idle();
  ASSERT_EQ(order.size(), 1000U);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(order[i], i);
}

TEST(Pool, every_task_runs_once) {
  constexpr int producers = 4, each = 5000;
  thread_pool pool({.workers = 3});
  std::vector<std::atomic<int>> runs(producers * each);
  {
    curfew::thread_scope threads;
    for (int p = 0; p < producers; ++p)
      threads.start([&, p] {
        for (int i = 0; i < each; ++i) pool.post([&runs, n = p * each + i] { ++runs[n]; });
      });
    threads.join();
  }
  pool.wait_idle();
  for (const auto& n : runs) ASSERT_EQ(n, 1);
}

TEST(Pool, a_task_behind_one_that_blocks_is_run_by_another_worker) {
  thread_pool pool({.workers = 2});
  std::atomic<int> ran{0};
  gate go;
  pool.post([&] { go.wait(); });
  pool.post([&] { go.wait(); });
  // A worker takes some tasks together with this one, which waits for them.
  pool.post([&] { EXPECT_TRUE(eventually([&] { return ran == 200; }, 5s)); });
  for (int i = 0; i < 200; ++i) pool.post([&] { ++ran; });
  go.open();
  pool.wait_idle();
  EXPECT_EQ(ran, 200);
}

TEST(Pool, tasks_submit_tasks) {
  thread_pool pool({.workers = 2});
  std::atomic<int> ran{0};
  std::function<void(int)> divide = [&](int n) {
    ++ran;
    if (n == 0) return;
    pool.post([&, n] { divide(n - 1); });
    pool.post([&, n] { divide(n - 1); });
  };
  pool.post([&] { divide(9); });
  pool.wait_idle();
  EXPECT_EQ(ran, 1023);
}

TEST(Pool, workers_are_named_regular_and_started_when_needed) {
  thread_pool pool({.name = "named", .workers = 3});
  EXPECT_EQ(pool.counts().workers, 0U);
  EXPECT_EQ(pool.name(), "named");
  EXPECT_EQ(pool.submit([] { return curfew::this_thread::name(); }).get(), "named-1");
  pool.wait_idle();
  EXPECT_FALSE(pool.submit([] { return curfew::this_thread::is_daemon(); }).get());
  pool.wait_idle();
  for (int i = 0; i < 20; ++i) {
    pool.submit([] {}).get();
    pool.wait_idle();
  }
  EXPECT_EQ(pool.counts().workers, 1U) << "one at a time needs one worker";
  EXPECT_EQ(thread_pool().name().rfind("pool-", 0), 0U);
}

TEST(Pool, a_worker_is_a_daemon_during_an_abandon_task_only) {
  thread_pool pool({.workers = 1});
  EXPECT_TRUE(pool.submit(at_exit::abandon,
                          [] {
                            bool child = false;
                            curfew::thread([&] { child = curfew::this_thread::is_daemon(); }).join();
                            return child && curfew::this_thread::is_daemon();
                          })
                  .get());
  EXPECT_FALSE(pool.submit(at_exit::skip, [] { return curfew::this_thread::is_daemon(); }).get());
  EXPECT_EQ(curfew::counts().daemon, 0U);
}

TEST(Pool, initialiser_runs_on_each_worker) {
  static thread_local int marked = 0;
  thread_pool pool({.workers = 2, .initialiser = [] { marked = 5; }});
  std::vector<std::future<int>> futures;
  for (int i = 0; i < 50; ++i) futures.push_back(pool.submit([] { return marked; }));
  for (auto& f : futures) EXPECT_EQ(f.get(), 5);
}

TEST(Pool, an_initialiser_that_throws_breaks_the_pool) {
  quiet_hook hook;
  gate submitted;
  thread_pool pool({.workers = 1, .initialiser = [&] {
                      submitted.wait();
                      throw std::runtime_error("no device");
                    }});
  auto future = pool.submit([] {});
  submitted.open();
  EXPECT_THROW(future.get(), curfew::task_dropped);
  EXPECT_EQ(hook.what, "no device");
  EXPECT_THROW(pool.post([] {}), curfew::pool_closed);
}

TEST(Pool, elastic_workers_end_when_idle) {
  thread_pool pool({.workers = 4, .keep = 1, .idle = 10ms});
  std::atomic<int> there{0};
  for (int i = 0; i < 4; ++i)
    pool.post([&] {
      ++there;
      EXPECT_TRUE(eventually([&] { return there == 4; }));
    });
  pool.wait_idle();
  EXPECT_TRUE(eventually([&] { return pool.counts().workers == 1; })) << pool.counts().workers;
  EXPECT_EQ(pool.submit([] { return 3; }).get(), 3);
  // One that keeps none: what comes while the last leaves is not forgotten.
  thread_pool none({.workers = 1, .keep = 0, .idle = 0ms});
  for (int i = 0; i < 300; ++i) EXPECT_EQ(none.submit([i] { return i; }).get(), i);
  EXPECT_TRUE(eventually([&] { return none.counts().workers == 0; }));
}

TEST(Pool, a_full_queue_holds_back) {
  thread_pool pool({.workers = 1, .queue_limit = 2});
  gate go, begun;
  std::atomic<int> ran{0};
  pool.post([&] {
    begun.open();
    go.wait();
  });
  begun.wait();
  EXPECT_TRUE(pool.try_post([&] { ++ran; }));
  EXPECT_TRUE(pool.try_post([&] { ++ran; }));
  EXPECT_FALSE(pool.try_post([&] { ++ran; }));
  EXPECT_EQ(pool.counts().queued, 2U);
  std::atomic<bool> through{false};
  curfew::thread blocked([&] {
    pool.post([&] { ++ran; });
    through = true;
  });
  EXPECT_TRUE(eventually([&] { return blocked.info().state == curfew::thread_state::waiting; }));
  EXPECT_FALSE(through);
  go.open();
  blocked.join();
  pool.wait_idle();
  EXPECT_EQ(ran, 3);
  // Its own tasks go past the limit: they would wait for themselves.
  pool.post([&] {
    for (int i = 0; i < 10; ++i) pool.post([&] { ++ran; });
  });
  pool.wait_idle();
  EXPECT_EQ(ran, 13);
}

TEST(Pool, a_shutdown_ends_the_wait_for_room) {
  thread_pool pool({.workers = 1, .queue_limit = 1});
  gate go, begun;
  pool.post([&] {
    begun.open();
    go.wait();
  });
  begun.wait();
  pool.post([] {});
  curfew::thread blocked([&] { EXPECT_THROW(pool.post([] {}), curfew::pool_closed); });
  EXPECT_TRUE(eventually([&] { return blocked.info().state == curfew::thread_state::waiting; }));
  pool.shutdown({.wait = false});
  blocked.join();
  go.open();
}

TEST(Pool, shutdown_runs_or_drops_what_is_queued) {
  for (const bool cancel : {false, true}) {
    thread_pool pool({.workers = 1});
    gate go, begun;
    std::atomic<int> ran{0};
    auto running = pool.submit([&] {
      begun.open();
      go.wait();
    });
    begun.wait();
    std::vector<std::future<void>> queued;
    for (int i = 0; i < 100; ++i)
      queued.push_back(pool.submit(i % 2 ? at_exit::finish : at_exit::skip, [&] { ++ran; }));
    auto abandoned = pool.submit(at_exit::abandon, [&] { ran = 1000; });
    pool.shutdown({.wait = false, .cancel_pending = cancel});
    go.open();
    pool.shutdown();
    EXPECT_EQ(ran, cancel ? 0 : 100);
    EXPECT_NO_THROW(running.get());
    EXPECT_THROW(abandoned.get(), curfew::task_dropped);
    for (auto& f : queued) {
      if (cancel)
        EXPECT_THROW(f.get(), curfew::task_dropped);
      else
        EXPECT_NO_THROW(f.get());
    }
    EXPECT_EQ(pool.counts().workers, 0U);
  }
}

TEST(Pool, shutdown_waits_for_thread_locals) {
  static std::atomic<int> ended{0};
  struct local {
    ~local() {
      std::this_thread::sleep_for(20ms);
      ++ended;
    }
    void touch() {}
  };
  thread_pool pool({.workers = 2});
  std::atomic<int> there{0};
  for (int i = 0; i < 2; ++i)
    pool.post([&] {
      static thread_local local l;
      l.touch();
      ++there;
      EXPECT_TRUE(eventually([&] { return there == 2; }));
    });
  pool.shutdown();
  EXPECT_EQ(ended, 2);
}

TEST(Pool, an_abandon_task_does_not_keep_a_shutdown) {
  static gate go;  // outlives the pool
  std::future<void> future;
  {
    thread_pool pool({.workers = 2});
    gate begun;
    future = pool.submit(at_exit::abandon, [&] {
      begun.open();
      go.wait();
    });
    begun.wait();
    EXPECT_EQ(pool.submit([] { return 1; }).get(), 1);
  }
  EXPECT_EQ(future.wait_for(0s), std::future_status::timeout);
  go.open();
  EXPECT_NO_THROW(future.get());
  EXPECT_TRUE(eventually([] { return curfew::active_count() == 1; }));
}

TEST(Pool, a_shutdown_runs_what_is_queued_behind_abandon_tasks) {
  static gate go;  // outlives the pool
  std::atomic<int> ran{0};
  {
    thread_pool pool({.workers = 1});
    pool.post(at_exit::abandon, [] { go.wait(); });
    for (int i = 0; i < 10; ++i) pool.post([&] { ++ran; });
  }
  EXPECT_EQ(ran, 10);
  go.open();
}

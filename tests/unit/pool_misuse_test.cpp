// SPDX-License-Identifier: Apache-2.0
// What is no right use of a pool, and what becomes of one whose task ends its thread or forks.
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

TEST(PoolMisuse, counts_that_make_no_sense) {
  const auto invalid = std::make_error_code(std::errc::invalid_argument);
  EXPECT_EQ(code_of([] { thread_pool p({.workers = 0}); }), invalid);
  EXPECT_EQ(code_of([] { thread_pool p({.workers = -1}); }), invalid);
  EXPECT_EQ(code_of([] { thread_pool p({.workers = 2, .keep = 3}); }), invalid);
  EXPECT_EQ(code_of([] { thread_pool p({.keep = -1}); }), invalid);
  EXPECT_EQ(code_of([] { thread_pool p({.idle = -1ms}); }), invalid);
  EXPECT_EQ(code_of([] { thread_pool p({.queue_limit = 0}); }), invalid);
  EXPECT_EQ(code_of([] { thread_pool p({.queue_limit = -5}); }), invalid);
  EXPECT_EQ(code_of([] { thread_pool p({.name = std::string_view("a\0b", 3)}); }), invalid);
}

TEST(PoolMisuse, submit_after_shutdown) {
  thread_pool pool({.workers = 1});
  pool.shutdown();
  pool.shutdown();
  EXPECT_THROW(static_cast<void>(pool.submit([] {})), curfew::pool_closed);
  EXPECT_THROW(pool.post(at_exit::abandon, [] {}), curfew::pool_closed);
  EXPECT_THROW(pool.try_post([] {}), curfew::pool_closed);
  EXPECT_EQ(code_of([&] { pool.post([] {}); }), std::errc::operation_not_permitted);
  const auto squares = pool.map(std::vector{1, 2, 3}, [](int i) { return i * i; });  // on this thread
  EXPECT_EQ(squares, (std::vector{1, 4, 9}));
}

TEST(PoolMisuse, a_task_that_waits_for_itself) {
  const auto deadlock = std::make_error_code(std::errc::resource_deadlock_would_occur);
  thread_pool pool({.workers = 1});
  EXPECT_EQ(pool.submit([&] { return code_of([&] { pool.wait_idle(); }); }).get(), deadlock);
  EXPECT_EQ(pool.submit([&] { return code_of([&] { pool.shutdown(); }); }).get(), deadlock);
  EXPECT_THROW(pool.post([] {}), curfew::pool_closed);
  pool.shutdown();  // by somebody else it is all right
}

TEST(PoolMisuse, destroyed_by_its_own_task) {
  auto* const pool = new thread_pool({.name = "own", .workers = 1});
  gate go;
  std::atomic<bool> after{false};
  testing::internal::CaptureStderr();
  auto done = pool->submit([&] {
    go.wait();
    delete pool;
  });
  pool->post([&] { after = true; });
  go.open();
  done.get();
  EXPECT_TRUE(eventually([&] { return after.load(); })) << "what was queued is run all the same";
  EXPECT_TRUE(eventually([] { return curfew::active_count() == 1; }));
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "curfew: the pool \"own\" is destroyed by a task of its own: its tasks are not waited for\n");
}

TEST(Pool, a_task_that_ends_its_thread_leaves_the_pool_whole) {
  if (curfew_test::no_pthread_exit != nullptr) GTEST_SKIP() << curfew_test::no_pthread_exit;
  thread_pool pool({.workers = 1});
  gate go;
  auto broken = pool.submit([&] {
    go.wait();
    ::pthread_exit(nullptr);
  });
  std::vector<std::future<int>> later;
  for (int i = 0; i < 100; ++i) later.push_back(pool.submit([i] { return i; }));
  go.open();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(later[i].get(), i);
  EXPECT_THROW(broken.get(), std::future_error);
}

TEST(Pool, is_empty_in_the_child_of_a_fork) {
  if (curfew_test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer has no threads after a fork";
  if (curfew_test::address_sanitizer)
    GTEST_SKIP() << "AddressSanitizer's allocator may be locked for ever after a fork";
  thread_pool pool({.workers = 2});
  gate go;
  std::atomic<int> ran{0};
  for (int i = 0; i < 10; ++i)
    pool.post([&] {
      go.wait();
      ++ran;
    });
  const pid_t child = ::fork();
  if (child == 0) {
    const bool right =
        pool.counts().workers == 0 && pool.counts().queued == 0 && pool.submit([] { return 5; }).get() == 5;
    pool.shutdown();
    ::_exit(right ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  go.open();
  pool.wait_idle();
  EXPECT_EQ(ran, 10);
}

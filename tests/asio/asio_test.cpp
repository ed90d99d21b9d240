// SPDX-License-Identifier: Apache-2.0
#include <curfew/exception_hook.hpp>
#include <curfew/pool/asio.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>
#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/bind_executor.hpp>
#include <asio/co_spawn.hpp>
#include <asio/defer.hpp>
#include <asio/detached.hpp>
#include <asio/dispatch.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/read.hpp>
#include <asio/steady_timer.hpp>
#include <asio/strand.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#include <asio/write.hpp>
#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

using curfew_test::eventually;
using namespace std::chrono_literals;

namespace {

struct Asio : testing::Test {
  curfew::thread_pool pool{{.name = "asio", .workers = 2}};
  curfew::asio_context context{pool};
};

bool on_a_worker() { return curfew::this_thread::name().rfind("asio-", 0) == 0; }

}  // namespace

static_assert(asio::execution::is_executor<curfew::asio_executor>::value);

TEST_F(Asio, posts_run_on_workers) {
  const auto executor = context.get_executor();
  EXPECT_TRUE(asio::post(executor, asio::use_future([] { return on_a_worker(); })).get());
  EXPECT_TRUE(asio::defer(executor, asio::use_future([] { return on_a_worker(); })).get());
  EXPECT_TRUE(asio::dispatch(executor, asio::use_future([] { return on_a_worker(); })).get());
  auto owned = std::make_unique<int>(3);
  EXPECT_EQ(asio::post(executor, asio::use_future([p = std::move(owned)] { return *p; })).get(), 3);
  EXPECT_TRUE(executor == context.get_executor());
  EXPECT_TRUE(executor != context.get_executor(curfew::at_exit::skip));
}

TEST_F(Asio, an_erased_executor) {
  const asio::any_io_executor any = context.get_executor();
  EXPECT_TRUE(asio::post(any, asio::use_future([] { return on_a_worker(); })).get());
  EXPECT_EQ(&asio::query(any, asio::execution::context), &context);
}

TEST_F(Asio, the_kind_is_the_executors) {
  EXPECT_TRUE(asio::post(context.get_executor(curfew::at_exit::abandon),
                         asio::use_future([] { return curfew::this_thread::is_daemon(); }))
                  .get());
}

TEST_F(Asio, a_strand_runs_one_at_a_time) {
  auto strand = asio::make_strand(context.get_executor());
  int sum = 0;  // no atomic: the strand orders them
  for (int i = 0; i < 1000; ++i) asio::post(strand, [&] { ++sum; });
  EXPECT_EQ(asio::post(strand, asio::use_future([&] { return sum; })).get(), 1000);
}

TEST_F(Asio, a_timer_comes_on_a_worker) {
  asio::steady_timer timer(context.get_executor(), 5ms);
  EXPECT_NO_THROW(timer.async_wait(asio::use_future).get());
  std::atomic<int> where{0};
  timer.expires_after(1ms);
  timer.async_wait([&](asio::error_code) { where = on_a_worker() ? 1 : 2; });
  EXPECT_TRUE(eventually([&] { return where != 0; }));
  EXPECT_EQ(where, 1);
}

TEST_F(Asio, coroutines_talk_over_a_socket) {
  using asio::use_awaitable;
  using asio::ip::tcp;
  tcp::acceptor acceptor(context.get_executor(), {asio::ip::address_v4::loopback(), 0});
  const auto endpoint = acceptor.local_endpoint();
  auto server = asio::co_spawn(
      context.get_executor(),
      [&]() -> asio::awaitable<void> {
        tcp::socket peer = co_await acceptor.async_accept(use_awaitable);
        char text[5];
        co_await asio::async_read(peer, asio::buffer(text), use_awaitable);
        co_await asio::async_write(peer, asio::buffer(text), use_awaitable);
      },
      asio::use_future);
  auto client = asio::co_spawn(
      context.get_executor(),
      [&]() -> asio::awaitable<std::string> {
        tcp::socket peer(context.get_executor());
        co_await peer.async_connect(endpoint, use_awaitable);
        co_await asio::async_write(peer, asio::buffer("hello", 5), use_awaitable);
        char text[5];
        co_await asio::async_read(peer, asio::buffer(text), use_awaitable);
        co_return std::string(text, 5);
      },
      asio::use_future);
  EXPECT_EQ(client.get(), "hello");
  server.get();
}

namespace {

/// Its end takes a while, and wants the context.
struct slow_to_go {
  std::atomic<bool>* context_gone;
  std::atomic<int>* too_late;
  slow_to_go(std::atomic<bool>* gone, std::atomic<int>* late) : context_gone(gone), too_late(late) {}
  slow_to_go(const slow_to_go&) = delete;
  ~slow_to_go() {
    std::this_thread::sleep_for(20ms);
    if (*context_gone) ++*too_late;
  }
};

}  // namespace

TEST(AsioContext, its_end_waits_until_its_tasks_are_destroyed) {
  for (const auto kind : {curfew::at_exit::finish, curfew::at_exit::skip, curfew::at_exit::abandon}) {
    std::atomic<bool> context_gone{false};
    std::atomic<int> too_late{0};
    std::atomic<int> ran{0};
    curfew::thread_pool pool({.workers = 2});
    {
      curfew::asio_context context(pool);
      for (int i = 0; i < 4; ++i) {
        asio::post(context.get_executor(kind),
                   [&ran, kept = std::make_unique<slow_to_go>(&context_gone, &too_late)] { ++ran; });
      }
    }
    context_gone = true;
    EXPECT_EQ(ran, 4);
    EXPECT_TRUE(eventually([&] { return pool.counts().running == 0; }));
    EXPECT_EQ(too_late, 0);
  }
}

// It would come out of Asio's own thread, where nobody can catch it.
TEST(AsioContext, what_its_pool_takes_no_more_is_dropped) {
  const auto before = curfew::set_exception_hook([](const curfew::thread_exception&) {});
  std::function<void()> breaks = [] { throw std::runtime_error("no device"); };
  for (const auto& initialiser : {std::function<void()>(), breaks}) {
    std::atomic<bool> called{false};
    const auto held = std::make_shared<int>(1);
    curfew::thread_pool pool({.workers = 1, .initialiser = initialiser});
    curfew::asio_context context(pool);
    asio::steady_timer timer(context.get_executor(), 20ms);
    timer.async_wait([&called, held](asio::error_code) { called = true; });
    if (initialiser) pool.post([] {});
    pool.shutdown();
    EXPECT_TRUE(eventually([&] { return held.use_count() == 1; }));
    asio::post(context.get_executor(), [&called, held] { called = true; });
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_FALSE(called);
  }
  curfew::set_exception_hook(before);
}

// A pool that cannot start its worker: the same, and no harm to who comes later.
TEST(AsioContext, what_finds_no_thread_is_dropped) {
  if (curfew_test::address_sanitizer || curfew_test::thread_sanitizer)
    GTEST_SKIP() << "sanitizers stop at such a stack";
  const auto held = std::make_shared<int>(1);
  curfew::thread_pool pool({.workers = 1, .stack_size = std::size_t{1} << 46});
  curfew::asio_context context(pool);
  asio::steady_timer timer(context.get_executor(), 1ms);
  timer.async_wait([held](asio::error_code) {});
  EXPECT_TRUE(eventually([&] { return held.use_count() == 1; }));
}

TEST(AsioContext, its_end_does_not_wait_for_other_tasks_of_the_pool) {
  std::atomic<bool> go_on{false};
  curfew::thread_pool pool({.workers = 2});
  pool.post([&] { EXPECT_TRUE(eventually([&] { return go_on.load(); })); });
  { curfew::asio_context context(pool); }
  go_on = true;
}

TEST(AsioContext, destroyed_by_a_task_of_its_own) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        curfew::thread_pool pool;
        auto context = std::make_unique<curfew::asio_context>(pool);
        asio::post(context->get_executor(), [&] { context.reset(); });
        pool.wait_idle();
      },
      "curfew: ~asio_context would wait for the task that it is called from");
}

TEST(AsioContext, destroyed_in_the_child_of_a_fork) {
  if (curfew_test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer has no threads after a fork";
  if (curfew_test::address_sanitizer)
    GTEST_SKIP() << "AddressSanitizer's allocator may be locked for ever after a fork";
  std::atomic<bool> running{false};
  std::atomic<bool> go_on{false};
  curfew::thread_pool pool({.workers = 1});
  curfew::asio_context context(pool);
  asio::post(context.get_executor(), [&] {
    running = true;
    EXPECT_TRUE(eventually([&] { return go_on.load(); }));
  });
  ASSERT_TRUE(eventually([&] { return running.load(); }));
  for (const bool has_own_tasks : {false, true}) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(5);
      int done = 3;
      if (has_own_tasks)
        asio::post(context.get_executor(), [&] {
          std::this_thread::sleep_for(20ms);
          done = 4;
        });
      context.~asio_context();
      ::_exit(done);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == (has_own_tasks ? 4 : 3)) << status;
  }
  go_on = true;
}

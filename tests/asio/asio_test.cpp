// SPDX-License-Identifier: Apache-2.0
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
#include <support/wait.hpp>

#include <atomic>
#include <memory>
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

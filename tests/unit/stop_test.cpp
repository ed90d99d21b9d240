// SPDX-License-Identifier: Apache-2.0
// Asking a thread to stop.
#include <curfew/thread.hpp>

#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>
#include <utility>

namespace {

using namespace std::chrono_literals;
using curfew::thread;
using curfew_test::gate;
using curfew_test::patient;
using curfew_test::stopwatch;

TEST(Stop, request_stop_reaches_the_token) {
  thread t([](std::stop_token stop) {
    if (!curfew_test::eventually([&] { return stop.stop_requested(); })) throw std::runtime_error("not asked");
  });
  EXPECT_FALSE(t.get_stop_token().stop_requested());
  EXPECT_TRUE(t.request_stop());
  EXPECT_FALSE(t.request_stop()) << "only the first request makes a change";
  t.join();
  EXPECT_EQ(t.exception(), nullptr);
}

TEST(Stop, one_token_for_the_function_the_handle_and_this_thread) {
  std::stop_token given;
  std::stop_token own;
  gate end;
  gate told;
  thread t([&](std::stop_token stop) {
    given = stop;
    own = curfew::this_thread::get_stop_token();
    told.open();
    end.wait();
  });
  told.wait();
  EXPECT_EQ(given, own);
  EXPECT_EQ(given, t.get_stop_token());
  EXPECT_EQ(given, t.get_stop_source().get_token());
  end.open();
  t.join();
}

TEST(Stop, a_thread_that_takes_no_token_can_ask_for_it) {
  thread t([] {
    if (!curfew_test::eventually([] { return curfew::this_thread::stop_requested(); }))
      throw std::runtime_error("not asked");
  });
  t.request_stop();
  t.join();
  EXPECT_EQ(t.exception(), nullptr);
}

TEST(Stop, the_source_asks_too) {
  thread t([](std::stop_token) { static_cast<void>(curfew::this_thread::sleep_for(1h)); });
  auto source = t.get_stop_source();
  EXPECT_TRUE(source.request_stop());
  t.join();
}

TEST(Stop, callbacks_run) {
  gate called;
  thread t([&](std::stop_token stop) {
    const std::stop_callback callback(stop, [&] { called.open(); });
    called.wait();
  });
  EXPECT_TRUE(t.request_stop());
  t.join();
  EXPECT_TRUE(called.is_open());
}

TEST(Stop, sleep_ends_early_when_asked) {
  bool completed = true;
  gate begun;
  thread t([&](std::stop_token) {
    begun.open();
    completed = curfew::this_thread::sleep_for(1h);
  });
  begun.wait();
  const stopwatch watch;
  t.request_stop();
  t.join();
  EXPECT_FALSE(completed);
  EXPECT_LT(watch.elapsed(), patient(10s));
}

TEST(Stop, sleep_after_the_request_does_not_sleep) {
  bool completed = true;
  gate asked;
  thread t([&](std::stop_token) {
    asked.wait();
    completed = curfew::this_thread::sleep_until(std::chrono::system_clock::now() + 1h);
  });
  t.request_stop();
  asked.open();
  t.join();
  EXPECT_FALSE(completed);
}

TEST(Stop, a_handle_that_was_moved_still_asks) {
  thread t([](std::stop_token) { static_cast<void>(curfew::this_thread::sleep_for(1h)); });
  thread u = std::move(t);
  EXPECT_FALSE(t.request_stop());
  EXPECT_TRUE(u.request_stop());
  u.join();
}

// The stop state is the handle's, with the standard's rules, which std::jthread is asked about too.
template <class Handle>
class StopState : public testing::Test {};
using handles = testing::Types<thread, curfew::jthread, std::jthread>;
TYPED_TEST_SUITE(StopState, handles);

TYPED_TEST(StopState, no_thread_has_none) {
  TypeParam t;
  EXPECT_FALSE(t.get_stop_source().stop_possible());
  EXPECT_FALSE(t.get_stop_token().stop_possible());
  EXPECT_FALSE(t.request_stop());
}

TYPED_TEST(StopState, a_join_leaves_it) {
  TypeParam t([](std::stop_token) {});
  const auto source = t.get_stop_source();
  t.join();
  EXPECT_EQ(t.get_stop_source(), source);
  EXPECT_TRUE(t.get_stop_token().stop_possible());
  bool called = false;
  const std::stop_callback callback(t.get_stop_token(), [&] { called = true; });
  EXPECT_TRUE(t.request_stop());
  EXPECT_TRUE(called);
  EXPECT_FALSE(t.request_stop());
  EXPECT_TRUE(source.stop_requested());
}

TYPED_TEST(StopState, detach_leaves_it) {
  static std::atomic<bool> asked;
  asked = false;
  TypeParam t([](std::stop_token stop) { asked = curfew_test::eventually([&] { return stop.stop_requested(); }); });
  t.detach();
  EXPECT_FALSE(t.joinable());
  EXPECT_TRUE(t.get_stop_source().stop_possible());
  EXPECT_TRUE(t.request_stop());
  EXPECT_FALSE(t.request_stop());
  EXPECT_TRUE(curfew_test::eventually([] { return asked.load(); }));
}

TYPED_TEST(StopState, a_move_takes_it_along_also_after_detach) {
  static gate end;
  TypeParam t([] { end.wait(); });
  t.detach();
  TypeParam u(std::move(t));
  EXPECT_FALSE(t.get_stop_source().stop_possible());
  EXPECT_FALSE(t.request_stop());
  EXPECT_FALSE(u.get_stop_token().stop_requested());
  const auto token = u.get_stop_token();
  u = TypeParam();
  EXPECT_FALSE(token.stop_requested()) << "giving it up asks nobody";
  EXPECT_FALSE(u.get_stop_source().stop_possible());
  end.open();
}

TEST(Stop, the_state_says_stopping) {
  gate end;
  thread t([&] { end.wait(); });
  t.request_stop();
  EXPECT_TRUE(curfew_test::eventually([&] { return t.info().state == curfew::thread_state::stopping; }));
  end.open();
  t.join();
}

TEST(Stop, nobody_asks_a_foreign_thread) {
  bool possible = true;
  bool requested = true;
  std::thread foreign([&] {
    possible = curfew::this_thread::get_stop_token().stop_possible();
    requested = curfew::this_thread::stop_requested();
  });
  foreign.join();
  EXPECT_FALSE(possible);
  EXPECT_FALSE(requested);
}

}  // namespace

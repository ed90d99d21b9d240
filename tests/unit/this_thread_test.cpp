// SPDX-License-Identifier: Apache-2.0
// curfew::this_thread, on threads of every kind.
#include <curfew/thread.hpp>

#include <support/proc.hpp>
#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include <pthread.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
namespace this_thread = curfew::this_thread;
using curfew_test::stopwatch;

TEST(ThisThread, id_is_that_of_the_standard_library) {
  EXPECT_EQ(this_thread::get_id(), std::this_thread::get_id());
  EXPECT_EQ(this_thread::id(), std::this_thread::get_id());
  std::thread::id inside;
  curfew::thread t([&] { inside = this_thread::get_id(); });
  const auto id = t.get_id();
  t.join();
  EXPECT_EQ(inside, id);
}

TEST(ThisThread, main_has_number_zero) {
  const auto me = this_thread::info();
  EXPECT_EQ(me.number, 0U);
  EXPECT_EQ(me.kind, curfew::thread_kind::main);
  EXPECT_EQ(me.native_id, ::getpid());
  EXPECT_EQ(me.parent, 0U);
  EXPECT_FALSE(me.daemon);
  EXPECT_EQ(me.created_at.address, nullptr);
  EXPECT_FALSE(this_thread::name().empty());
}

TEST(ThisThread, info_of_a_thread_of_curfews) {
  curfew::thread_info inside;
  curfew::thread t({.name = "me"}, [&](std::stop_token) { inside = this_thread::info(); });
  const auto number = t.info().number;
  t.join();
  EXPECT_EQ(inside.number, number);
  EXPECT_EQ(inside.name, "me");
  EXPECT_EQ(inside.state, curfew::thread_state::running);
  EXPECT_TRUE(inside.takes_stop_token);
  EXPECT_NE(inside.native_id, 0);
}

TEST(ThisThread, set_name_reaches_the_kernel) {
  std::string name;
  std::string kernel;
  curfew::thread t({.name = "before"}, [&] {
    this_thread::set_name("after");
    name = this_thread::name();
    kernel = curfew_test::kernel_name(::gettid());
  });
  t.join();
  EXPECT_EQ(name, "after");
  EXPECT_EQ(kernel, "after");
  EXPECT_EQ(t.name(), "after");
}

TEST(ThisThread, set_name_refuses_a_nul) {
  const auto before = this_thread::name();
  try {
    this_thread::set_name(std::string_view("a\0b", 3));
    FAIL() << "accepted";
  } catch (const std::system_error& e) {
    EXPECT_EQ(e.code(), std::errc::invalid_argument);
  }
  EXPECT_EQ(this_thread::name(), before);
}

TEST(ThisThread, sleeps_as_long_as_asked) {
  const stopwatch watch;
  EXPECT_TRUE(this_thread::sleep_for(30ms));
  EXPECT_GE(watch.elapsed(), 30ms);
  const auto at = std::chrono::system_clock::now() + 30ms;
  EXPECT_TRUE(this_thread::sleep_until(at));
  EXPECT_GE(std::chrono::system_clock::now(), at);
}

TEST(ThisThread, negative_and_past_sleeps_return_at_once) {
  const stopwatch watch;
  EXPECT_TRUE(this_thread::sleep_for(-1h));
  EXPECT_TRUE(this_thread::sleep_for(std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN())));
  EXPECT_TRUE(this_thread::sleep_until(std::chrono::steady_clock::now() - 1h));
  EXPECT_TRUE(this_thread::sleep_until(std::chrono::system_clock::time_point::min()));
  EXPECT_LT(watch.elapsed(), curfew_test::patient(5s));
}

TEST(ThisThread, a_sleep_too_long_to_count_is_for_ever_and_ends_when_asked) {
  bool for_ever = true;
  bool to_the_end_of_time = true;
  curfew::thread t([&](std::stop_token) {
    for_ever = this_thread::sleep_for(std::chrono::hours::max());
    to_the_end_of_time = this_thread::sleep_until(std::chrono::system_clock::time_point::max());
  });
  ASSERT_TRUE(curfew_test::eventually([&] { return t.info().state == curfew::thread_state::waiting; }));
  EXPECT_FALSE(t.join_for(20ms));
  t.request_stop();
  t.join();
  EXPECT_FALSE(for_ever);
  EXPECT_FALSE(to_the_end_of_time);
}

TEST(ThisThread, a_foreign_thread_can_use_all_of_it) {
  curfew::thread_info info;
  std::string renamed;
  std::string kernel;
  bool slept = false;
  bool daemon = true;
  std::thread foreign([&] {
    info = this_thread::info();
    this_thread::set_name("visitor");
    renamed = this_thread::name();
    kernel = curfew_test::kernel_name(::gettid());
    slept = this_thread::sleep_for(1ms);
    daemon = this_thread::is_daemon();
    this_thread::yield();
  });
  foreign.join();
  EXPECT_EQ(info.kind, curfew::thread_kind::foreign);
  EXPECT_EQ(info.name.rfind("Foreign-", 0), 0U) << info.name;
  EXPECT_EQ(renamed, "visitor");
  EXPECT_EQ(kernel, "visitor");
  EXPECT_TRUE(slept);
  EXPECT_EQ(daemon, info.daemon);
}

/// Cancels a thread inside `sleep`: its objects are destroyed and it ends, quietly.
template <class Sleep>
void expect_cancelled(Sleep sleep, bool asked_to_stop) {
  struct flag {
    bool& raised;
    ~flag() { raised = true; }
  };
  bool unwound = false;
  bool finished = false;
  std::atomic<bool> given_up{false};
  curfew::thread t([&] {
    const flag at_the_end{unwound};
    while (!given_up) sleep();
    finished = true;
  });
  if (asked_to_stop)
    t.request_stop();
  else
    EXPECT_TRUE(curfew_test::eventually([&] { return t.info().state == curfew::thread_state::waiting; }));
  ASSERT_EQ(::pthread_cancel(t.native_handle()), 0);
  if (!t.join_for(curfew_test::patient(20s))) {
    given_up = true;
    t.request_stop();
    t.join();
  }
  EXPECT_TRUE(unwound);
  EXPECT_FALSE(finished);
  EXPECT_EQ(t.exception(), nullptr);
}

TEST(ThisThread, a_sleep_is_a_cancellation_point) {
  if (curfew_test::no_cancellation != nullptr) GTEST_SKIP() << curfew_test::no_cancellation;
  expect_cancelled([] { static_cast<void>(curfew::this_thread::sleep_for(1h)); }, false);
  expect_cancelled([] { static_cast<void>(curfew::this_thread::sleep_until(std::chrono::steady_clock::now() + 1h)); },
                   false);
  expect_cancelled([] { static_cast<void>(curfew::this_thread::sleep_until(std::chrono::system_clock::now() + 1h)); },
                   false);
}

TEST(ThisThread, a_sleep_that_a_stop_request_cuts_short_is_one_too) {
  if (curfew_test::no_cancellation != nullptr) GTEST_SKIP() << curfew_test::no_cancellation;
  if (curfew_test::thread_sanitizer)
    GTEST_SKIP() << "ThreadSanitizer loses what a thread had synchronised with when pthread_cancel unwinds it";
  expect_cancelled([] { static_cast<void>(curfew::this_thread::sleep_for(1h)); }, true);
}

TEST(ThisThread, a_sleep_leaves_the_cancel_type_as_it_was) {
  int type = -1;
  curfew::thread([&] {
    static_cast<void>(curfew::this_thread::sleep_for(1ms));
    ::pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type);
  }).join();
  EXPECT_EQ(type, PTHREAD_CANCEL_DEFERRED);
}

}  // namespace

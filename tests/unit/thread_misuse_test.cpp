// SPDX-License-Identifier: Apache-2.0
// Bad use gets a clear answer: the code that std::thread would give, and nothing left behind.
#include <curfew/registry.hpp>
#include <curfew/thread.hpp>

#include <support/error_of.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string_view>
#include <system_error>

namespace {

using curfew::thread;
using curfew_test::code_of;
using curfew_test::gate;

const auto invalid = std::make_error_code(std::errc::invalid_argument);
const auto deadlock = std::make_error_code(std::errc::resource_deadlock_would_occur);
const auto again = std::make_error_code(std::errc::resource_unavailable_try_again);

TEST(ThreadMisuse, nothing_to_join) {
  thread t;
  EXPECT_EQ(code_of([&] { t.join(); }), invalid);
  EXPECT_EQ(code_of([&] { t.join_for(std::chrono::seconds(1)); }), invalid);
  EXPECT_EQ(code_of([&] { t.join_until(std::chrono::steady_clock::now()); }), invalid);
  EXPECT_EQ(code_of([&] { t.detach(); }), invalid);
}

TEST(ThreadMisuse, joining_twice) {
  thread t([] {});
  t.join();
  EXPECT_EQ(code_of([&] { t.join(); }), invalid);
  EXPECT_EQ(code_of([&] { t.join_for(std::chrono::seconds(1)); }), invalid);
  EXPECT_EQ(code_of([&] { t.detach(); }), invalid);
}

TEST(ThreadMisuse, joining_after_a_timed_join_that_succeeded) {
  thread t([] {});
  ASSERT_TRUE(t.join_for(std::chrono::hours(1)));
  EXPECT_EQ(code_of([&] { t.join(); }), invalid);
}

TEST(ThreadMisuse, joining_after_detach) {
  gate end;
  thread t([&] { end.wait(); });
  t.detach();
  EXPECT_EQ(code_of([&] { t.join(); }), invalid);
  EXPECT_EQ(code_of([&] { t.detach(); }), invalid);
  end.open();
  EXPECT_TRUE(curfew_test::eventually([] { return curfew::active_count() == 1; }));
}

TEST(ThreadMisuse, joining_oneself) {
  gate made;
  std::error_code plain;
  std::error_code timed;
  thread t;
  t = thread([&] {
    made.wait();
    plain = code_of([&] { t.join(); });
    timed = code_of([&] { t.join_for(std::chrono::seconds(0)); });
  });
  made.open();
  t.join();
  EXPECT_EQ(plain, deadlock);
  EXPECT_EQ(timed, deadlock);
}

TEST(ThreadMisuse, the_handle_of_no_thread_has_no_name_to_set_and_no_info) {
  thread t;
  EXPECT_EQ(code_of([&] { t.set_name("nobody"); }), invalid);
  EXPECT_EQ(code_of([&] { (void)t.info(); }), invalid);
  EXPECT_FALSE(t.request_stop());
  EXPECT_FALSE(t.get_stop_source().stop_possible());
  EXPECT_FALSE(t.get_stop_token().stop_possible());
}

void expect_refused(const curfew::thread_options& options, std::error_code code) {
  const auto before = curfew::counts();
  bool ran = false;
  EXPECT_EQ(code_of([&] { thread(options, [&] { ran = true; }).join(); }), code);
  EXPECT_FALSE(ran);
  const auto after = curfew::counts();
  EXPECT_EQ(after.live, before.live);
  EXPECT_EQ(after.daemon, before.daemon);
  EXPECT_EQ(after.started, before.started);
  EXPECT_EQ(curfew::enumerate().size(), before.live);
}

TEST(ThreadMisuse, a_name_with_a_nul) {
  expect_refused({.name = std::string_view("a\0b", 3)}, invalid);
  expect_refused({.name = std::string_view("\0", 1)}, invalid);
}

TEST(ThreadMisuse, a_stack_that_is_too_small) {
  expect_refused({.stack_size = 1}, invalid);
  expect_refused({.daemon = true, .stack_size = 4096}, invalid);
}

TEST(ThreadMisuse, a_stack_that_the_system_has_not_got) {
  expect_refused({.stack_size = std::size_t{1} << 60}, again);
  expect_refused({.daemon = true, .stack_size = std::numeric_limits<std::size_t>::max()}, again);
}

TEST(ThreadMisuse, a_negative_grace) { expect_refused({.grace = std::chrono::milliseconds(-1)}, invalid); }

TEST(ThreadMisuse, a_refused_start_leaves_the_handle_as_it_was) {
  gate end;
  thread t({.name = "kept"}, [&] { end.wait(); });
  EXPECT_EQ(code_of([&] { t = thread({.stack_size = 1}, [] {}); }), invalid);
  EXPECT_EQ(t.name(), "kept");
  EXPECT_TRUE(t.joinable());
  end.open();
  t.join();
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// curfew::jthread: std::jthread's rules, and options.
#include <curfew/exception_hook.hpp>
#include <curfew/thread.hpp>

#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace {

using namespace std::chrono_literals;
using curfew::jthread;
using curfew_test::gate;

static_assert(std::is_nothrow_default_constructible_v<jthread>);
static_assert(!std::is_copy_constructible_v<jthread> && !std::is_copy_assignable_v<jthread>);
static_assert(std::is_nothrow_move_constructible_v<jthread> && std::is_nothrow_move_assignable_v<jthread>);
static_assert(std::is_nothrow_swappable_v<jthread> && std::is_nothrow_destructible_v<jthread>);
static_assert(std::is_constructible_v<jthread, void (*)()> && !std::is_convertible_v<void (*)(), jthread>);
static_assert(!std::is_constructible_v<jthread, jthread&>);
static_assert(sizeof(jthread) == sizeof(void*) && sizeof(curfew::thread) == sizeof(void*));
static_assert(std::is_same_v<jthread::id, std::thread::id>);
static_assert(std::is_same_v<jthread::native_handle_type, std::thread::native_handle_type>);

void until_asked(std::stop_token stop) {
  if (!curfew_test::eventually([&] { return stop.stop_requested(); })) std::terminate();
}

TEST(Jthread, default_is_no_thread) {
  jthread t;
  EXPECT_FALSE(t.joinable());
  EXPECT_EQ(t.get_id(), jthread::id());
  EXPECT_FALSE(t.get_stop_source().stop_possible());
  EXPECT_FALSE(t.request_stop());
}

TEST(Jthread, the_destructor_asks_and_joins) {
  bool ended = false;
  {
    jthread t([&](std::stop_token stop) {
      until_asked(stop);
      ended = true;
    });
  }
  EXPECT_TRUE(ended);
}

TEST(Jthread, the_destructor_joins_one_that_takes_no_token) {
  bool ended = false;
  {
    jthread t([&] {
      std::this_thread::sleep_for(20ms);
      ended = true;
    });
  }
  EXPECT_TRUE(ended);
}

TEST(Jthread, the_token_is_given_to_all_that_can_take_it) {
  struct takes_either {
    bool* with;
    void operator()(std::stop_token, int) const { *with = true; }
    void operator()(int) const { *with = false; }
  };
  bool with = false;
  jthread t(takes_either{&with}, 1);
  t.join();
  EXPECT_TRUE(with);
}

TEST(Jthread, assignment_asks_and_joins_the_old_one) {
  bool ended = false;
  jthread t([&](std::stop_token stop) {
    until_asked(stop);
    ended = true;
  });
  gate end;
  jthread other([&] { end.wait(); });
  const auto id = other.get_id();
  t = std::move(other);
  EXPECT_TRUE(ended);
  EXPECT_EQ(t.get_id(), id);
  EXPECT_FALSE(other.joinable());
  end.open();
}

TEST(Jthread, assigning_to_itself_changes_nothing) {
  jthread t(until_asked);
  const auto id = t.get_id();
  jthread& same = t;
  t = std::move(same);
  EXPECT_EQ(t.get_id(), id);
  EXPECT_FALSE(t.get_stop_token().stop_requested());
}

TEST(Jthread, moves_and_swaps_with_its_stop_state) {
  jthread a(until_asked);
  const auto source = a.get_stop_source();
  jthread b(std::move(a));
  EXPECT_FALSE(a.joinable());
  EXPECT_FALSE(a.get_stop_source().stop_possible());
  EXPECT_EQ(b.get_stop_source(), source);
  jthread c;
  swap(b, c);
  EXPECT_EQ(c.get_stop_source(), source);
  c.swap(b);
  EXPECT_EQ(b.get_stop_source(), source);
  EXPECT_FALSE(c.joinable());
}

TEST(Jthread, after_detach_the_destructor_neither_asks_nor_joins) {
  static gate end;
  std::stop_token token;
  {
    jthread t({.name = "released"}, [] { end.wait(); });
    token = t.get_stop_token();
    t.detach();
    EXPECT_FALSE(t.joinable());
  }
  EXPECT_TRUE(curfew::find("released").has_value());
  EXPECT_FALSE(token.stop_requested());
  end.open();
  EXPECT_TRUE(curfew_test::eventually([] { return !curfew::find("released").has_value(); }));
}

TEST(Jthread, has_the_options_of_thread) {
  jthread t({.name = "optional", .daemon = true}, until_asked);
  EXPECT_TRUE(t.daemon());
  EXPECT_EQ(t.name(), "optional");
  EXPECT_TRUE(t.info().takes_stop_token);
  t.set_name("renamed");
  EXPECT_EQ(t.name(), "renamed");
  EXPECT_TRUE(t.is_alive());
  EXPECT_FALSE(t.join_for(1ms));
  EXPECT_TRUE(t.request_stop());
  EXPECT_TRUE(t.join_until(std::chrono::steady_clock::now() + 1h));
}

TEST(Jthread, misuse_has_the_codes_of_std_jthread) {
  jthread none;
  try {
    none.join();
    FAIL() << "joined nothing";
  } catch (const std::system_error& e) {
    EXPECT_EQ(e.code(), std::errc::invalid_argument);
  }
  jthread self;
  gate made;
  std::error_code code;
  self = jthread([&] {
    made.wait();
    try {
      self.join();
    } catch (const std::system_error& e) {
      code = e.code();
    }
  });
  made.open();
  self.join();
  EXPECT_EQ(code, std::errc::resource_deadlock_would_occur);
}

TEST(Jthread, keeps_what_left_its_function) {
  curfew::set_exception_hook([](const curfew::thread_exception&) {});
  jthread t([] { throw std::runtime_error("kept"); });
  t.join();
  curfew::set_exception_hook({});
  ASSERT_NE(t.exception(), nullptr);
  EXPECT_THROW(std::rethrow_exception(t.exception()), std::runtime_error);
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// Making a curfew::thread: whatever std::thread takes, in the same way.
#include <curfew/thread.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace {

using curfew::thread;

void nothing() {}

static_assert(std::is_nothrow_default_constructible_v<thread>);
static_assert(!std::is_copy_constructible_v<thread> && !std::is_copy_assignable_v<thread>);
static_assert(!std::is_constructible_v<thread, thread&> && !std::is_constructible_v<thread, const thread>);
static_assert(std::is_nothrow_move_constructible_v<thread> && std::is_nothrow_move_assignable_v<thread>);
static_assert(std::is_nothrow_swappable_v<thread> && std::is_nothrow_destructible_v<thread>);
static_assert(std::is_constructible_v<thread, void (*)()> && !std::is_convertible_v<void (*)(), thread>);
static_assert(std::is_constructible_v<thread, curfew::thread_options, void (*)()>);
static_assert(std::is_same_v<thread::id, std::thread::id>);
static_assert(std::is_same_v<thread::native_handle_type, std::thread::native_handle_type>);
static_assert(std::is_aggregate_v<curfew::thread_options>);

TEST(ThreadConstruct, default_is_no_thread) {
  const thread t;
  EXPECT_FALSE(t.joinable());
  EXPECT_FALSE(t.is_alive());
  EXPECT_EQ(t.get_id(), thread::id());
  EXPECT_EQ(t.native_id(), 0);
}

TEST(ThreadConstruct, runs_a_function_with_arguments_on_another_thread) {
  std::string got;
  std::thread::id where;
  thread t(
      [&](int n, std::string s) {
        got = s + std::to_string(n);
        where = std::this_thread::get_id();
      },
      7, "seven");
  const auto id = t.get_id();
  t.join();
  EXPECT_EQ(got, "seven7");
  EXPECT_EQ(where, id);
  EXPECT_NE(where, std::this_thread::get_id());
}

TEST(ThreadConstruct, arguments_are_decay_copied) {
  char text[] = "before";
  std::string got;
  std::string kept;
  thread t(
      [&](auto&& argument) {
        static_assert(std::is_same_v<decltype(argument), char*&&>);  // an array has decayed to a pointer, an rvalue
        got = argument;
      },
      text);
  t.join();
  EXPECT_EQ(got, "before");

  std::string lvalue = "copied";
  thread u([&](std::string s) { kept = std::move(s); }, lvalue);
  lvalue = "changed";
  u.join();
  EXPECT_EQ(kept, "copied");
}

TEST(ThreadConstruct, copies_are_made_by_the_starting_thread) {
  struct copied {
    std::thread::id by = std::this_thread::get_id();
    copied() = default;
    copied(const copied&) {}
    copied(copied&& other) noexcept : by(other.by) {}
    copied& operator=(const copied&) = delete;
  };
  const copied original;
  std::thread::id by;
  thread t([&](const copied& c) { by = c.by; }, original);
  t.join();
  EXPECT_EQ(by, std::this_thread::get_id());
}

TEST(ThreadConstruct, move_only_callables_and_arguments) {
  int got = 0;
  struct callable {
    std::unique_ptr<int*> target;
    void operator()(std::unique_ptr<int> n) && { **target = *n; }
  };
  thread t(callable{std::make_unique<int*>(&got)}, std::make_unique<int>(42));
  t.join();
  EXPECT_EQ(got, 42);
}

TEST(ThreadConstruct, ref_reaches_the_original) {
  int n = 1;
  thread t([](int& x) { x = 2; }, std::ref(n));
  t.join();
  EXPECT_EQ(n, 2);
}

TEST(ThreadConstruct, members_are_invoked_as_std_invoke_does) {
  struct counter {
    int value = 0;
    void add(int n) { value += n; }
  };
  counter c;
  thread by_pointer(&counter::add, &c, 2);
  by_pointer.join();
  thread by_reference(&counter::add, std::ref(c), 3);
  by_reference.join();
  EXPECT_EQ(c.value, 5);
}

TEST(ThreadConstruct, an_lvalue_callable_is_copied_and_invoked_as_an_rvalue) {
  struct callable {
    int* as_lvalue;
    int* as_rvalue;
    void operator()() & { ++*as_lvalue; }
    void operator()() && { ++*as_rvalue; }
  };
  int lvalue = 0;
  int rvalue = 0;
  callable c{&lvalue, &rvalue};
  thread t(c);
  t.join();
  EXPECT_EQ(lvalue, 0);
  EXPECT_EQ(rvalue, 1);
}

TEST(ThreadConstruct, what_it_holds_is_destroyed_on_the_thread_before_the_join_returns) {
  struct held {
    std::thread::id* destroyed_on;
    explicit held(std::thread::id* on) : destroyed_on(on) {}
    held(held&& other) noexcept : destroyed_on(std::exchange(other.destroyed_on, nullptr)) {}
    ~held() {
      if (destroyed_on != nullptr) *destroyed_on = std::this_thread::get_id();
    }
  };
  std::thread::id callable_gone;
  std::thread::id argument_gone;
  thread t([h = held(&callable_gone)](const held&) {}, held(&argument_gone));
  const auto id = t.get_id();
  t.join();
  EXPECT_EQ(callable_gone, id);
  EXPECT_EQ(argument_gone, id);
}

TEST(ThreadConstruct, a_copy_that_throws_throws_here_and_leaves_nothing_behind) {
  struct refuses {
    refuses() = default;
    refuses(const refuses&) { throw std::runtime_error("not copied"); }
  };
  const auto before = curfew::counts();
  const refuses r;
  EXPECT_THROW(thread([](const refuses&) {}, r), std::runtime_error);
  EXPECT_EQ(curfew::counts().live, before.live);
  EXPECT_EQ(curfew::counts().started, before.started);
}

TEST(ThreadConstruct, the_stop_token_is_given_only_to_those_that_need_it) {
  bool token_given = false;
  thread needs([&](std::stop_token stop) { token_given = stop.stop_possible(); });
  needs.join();
  EXPECT_TRUE(token_given);

  struct takes_either {
    bool* with;
    void operator()(std::stop_token) const { *with = true; }
    void operator()() const { *with = false; }
  };
  bool with = true;
  thread either(takes_either{&with});
  either.join();
  EXPECT_FALSE(with) << "std::thread would have called it without";
}

TEST(ThreadConstruct, options_come_first) {
  std::string name;
  thread t(
      {.name = "optional", .daemon = true}, [&](int) { name = curfew::this_thread::name(); }, 1);
  EXPECT_TRUE(t.daemon());
  t.join();
  EXPECT_EQ(name, "optional");

  const curfew::thread_options kept{.name = "kept"};
  thread u(kept, nothing);
  EXPECT_EQ(u.name(), "kept");
  u.join();
}

TEST(ThreadConstruct, a_stack_as_large_as_asked_for) {
  std::size_t size = 0;
  // Larger than the default; not also smaller than something: glibc may take a cached stack that is larger.
  thread t({.stack_size = 20 << 20}, [&] {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
    pthread_attr_getstacksize(&attributes, &size);
    pthread_attr_destroy(&attributes);
  });
  t.join();
  EXPECT_GE(size, std::size_t{20} << 20);
}

TEST(ThreadConstruct, arguments_may_begin_with_allocator_arg) {
  struct callable {
    int* runs;
    void operator()(std::allocator_arg_t, const std::allocator<int>&) const { ++*runs; }
    void operator()(std::stop_token, std::allocator_arg_t, const std::allocator<int>&) const { *runs += 10; }
    void member(std::allocator_arg_t, const std::allocator<int>&) const { *runs += 100; }
  };
  int runs = 0;
  const callable call{&runs};
  curfew::thread(call, std::allocator_arg, std::allocator<int>()).join();
  EXPECT_EQ(runs, 1);
  curfew::jthread(call, std::allocator_arg, std::allocator<int>()).join();
  EXPECT_EQ(runs, 11);
  curfew::thread(&callable::member, &call, std::allocator_arg, std::allocator<int>()).join();
  EXPECT_EQ(runs, 111);
}

// That one can be called without a token is all that may be asked of it: its body is no C++ for a token.
TEST(ThreadConstruct, generic_lambdas_are_compiled_for_their_own_arguments_only) {
  int sum = 0;
  thread([&sum](auto... terms) { sum = (0 + ... + terms); }, 1, 2, 3).join();
  EXPECT_EQ(sum, 6);
  curfew::jthread([&sum](auto stop, int term) { sum += stop.stop_requested() ? 0 : term; }, 4).join();
  EXPECT_EQ(sum, 10);
}

// A warning, which is an error here, if a result that std::thread leaves unread were one that must be read.
TEST(ThreadConstruct, results_are_ignored_without_a_warning) {
  struct [[nodiscard]] result {};
  struct object {
    int* runs;
    [[nodiscard]] result run() const { return ++*runs, result{}; }
    [[nodiscard]] result stopped(std::stop_token) const { return ++*runs, result{}; }
  };
  int runs = 0;
  const object o{&runs};
  thread([&o] { return o.run(); }).join();
  thread(&object::run, &o).join();
  thread([&o](std::stop_token stop) { return o.stopped(stop); }).join();
  thread(&object::stopped, &o).join();
  EXPECT_EQ(runs, 4);
}

}  // namespace

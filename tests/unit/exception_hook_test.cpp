// SPDX-License-Identifier: Apache-2.0
// Exceptions that leave a thread's function.
#include <curfew/exception_hook.hpp>
#include <curfew/thread.hpp>

#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

using curfew::thread;

class ExceptionHook : public testing::Test {
 protected:
  void TearDown() override { curfew::set_exception_hook({}); }
};

std::string stderr_of(const std::function<void()>& action) {
  testing::internal::CaptureStderr();
  action();
  return testing::internal::GetCapturedStderr();
}

TEST_F(ExceptionHook, the_default_names_thread_type_and_what) {
  std::uint64_t number = 0;
  const auto text = stderr_of([&] {
    thread t({.name = "breaks"}, [] { throw std::runtime_error("the reason"); });
    number = t.info().number;
    t.join();
  });
  EXPECT_EQ(text.rfind("Exception in thread \"breaks\" (#" + std::to_string(number) + "):", 0), 0U) << text;
  EXPECT_NE(text.find("std::runtime_error"), std::string::npos) << text;
  EXPECT_NE(text.find("the reason"), std::string::npos) << text;
  EXPECT_EQ(text.back(), '\n');
}

TEST_F(ExceptionHook, a_threads_own_comes_before_the_programs) {
  std::atomic<int> own{0}, of_program{0};
  curfew::set_exception_hook([&](const curfew::thread_exception&) { ++of_program; });
  thread with_own([&] {
    EXPECT_FALSE(curfew::this_thread::set_exception_hook([&](const curfew::thread_exception& e) {
      EXPECT_EQ(e.thread->number, curfew::current().number);
      ++own;
    }));
    throw 1;
  });
  with_own.join();
  EXPECT_EQ(own, 1);
  EXPECT_EQ(of_program, 0);
  thread without([] { throw 1; });
  without.join();
  EXPECT_EQ(of_program, 1);
}

TEST_F(ExceptionHook, a_threads_own_can_be_taken_back_and_replaced_while_it_runs) {
  int first = 0, of_program = 0;
  curfew::set_exception_hook([&](const curfew::thread_exception&) { ++of_program; });
  thread taken_back([&] {
    curfew::this_thread::set_exception_hook([&](const curfew::thread_exception&) { ++first; });
    EXPECT_TRUE(curfew::this_thread::set_exception_hook({}));
    throw 1;
  });
  taken_back.join();
  EXPECT_EQ(first, 0);
  EXPECT_EQ(of_program, 1);
  thread replaced([&] {
    curfew::this_thread::set_exception_hook([&, text = std::string(100, 'x')](const curfew::thread_exception&) {
      curfew::this_thread::set_exception_hook({});
      first += static_cast<int>(text.size());
    });
    throw 1;
  });
  replaced.join();
  EXPECT_EQ(first, 100);
}

TEST_F(ExceptionHook, a_threads_own_is_not_asked_by_a_scope) {
  int own = 0, of_program = 0;
  curfew::set_exception_hook([&](const curfew::thread_exception&) { ++of_program; });
  curfew::this_thread::set_exception_hook([&](const curfew::thread_exception&) { ++own; });
  {
    curfew::thread_scope scope;
    for (int i = 0; i < 2; ++i) scope.start([] { throw 1; });
    EXPECT_THROW(scope.join(), int);
  }
  curfew::this_thread::set_exception_hook({});
  EXPECT_EQ(own, 0);
  EXPECT_EQ(of_program, 1);
}

TEST_F(ExceptionHook, what_is_said_of_it_cannot_act_on_a_terminal) {
  const auto text = stderr_of([] {
    thread t([] { throw std::runtime_error("two\nlines, \x1b[31mred\x7f, caf\u00e9"); });
    t.join();
  });
  EXPECT_NE(text.find("two?lines, ?[31mred?, caf\u00e9\n"), std::string::npos) << text;
  EXPECT_EQ(text.find('\n'), text.size() - 1) << text;
}

TEST_F(ExceptionHook, a_thrown_text_cannot_either_and_none_is_no_crash) {
  struct silent : std::exception {
    const char* what() const noexcept override { return nullptr; }
  };
  EXPECT_NE(stderr_of([] { thread([] { throw "a\rb"; }).join(); }).find("a?b\n"), std::string::npos);
  EXPECT_NE(stderr_of([] { thread([] { throw silent(); }).join(); }).find("null"), std::string::npos);
}

TEST_F(ExceptionHook, the_default_copes_with_what_is_no_std_exception) {
  const auto text = stderr_of([] {
    thread t({.name = "breaks"}, [] { throw 42; });
    t.join();
  });
  EXPECT_EQ(text.rfind("Exception in thread \"breaks\"", 0), 0U) << text;
  EXPECT_NE(text.find("int"), std::string::npos) << text;
}

TEST_F(ExceptionHook, the_process_goes_on_and_the_handle_keeps_the_exception) {
  curfew::set_exception_hook([](const curfew::thread_exception&) {});
  thread t([] { throw std::runtime_error("kept"); });
  t.join();
  ASSERT_NE(t.exception(), nullptr);
  EXPECT_THROW(std::rethrow_exception(t.exception()), std::runtime_error);
}

TEST_F(ExceptionHook, there_is_no_exception_before_the_join) {
  curfew::set_exception_hook([](const curfew::thread_exception&) {});
  thread t([] { throw std::runtime_error("kept"); });
  EXPECT_TRUE(curfew_test::eventually([&] { return !t.is_alive(); }));
  EXPECT_EQ(t.exception(), nullptr);
  t.join();
  EXPECT_NE(t.exception(), nullptr);
}

TEST_F(ExceptionHook, it_is_called_on_the_thread_with_the_thread) {
  std::thread::id where;
  curfew::thread_info info;
  std::string what;
  curfew::set_exception_hook([&](const curfew::thread_exception& e) {
    where = std::this_thread::get_id();
    if (e.thread != nullptr) info = *e.thread;
    try {
      std::rethrow_exception(e.exception);
    } catch (const std::exception& x) {
      what = x.what();
    }
  });
  thread t({.name = "thrower", .daemon = true}, [] { throw std::logic_error("why"); });
  const auto id = t.get_id();
  t.join();
  EXPECT_EQ(where, id);
  EXPECT_EQ(info.name, "thrower");
  EXPECT_EQ(info.number, t.info().number);
  EXPECT_TRUE(info.daemon);
  EXPECT_EQ(what, "why");
}

TEST_F(ExceptionHook, setting_it_returns_the_one_before) {
  int calls = 0;
  curfew::set_exception_hook([&](const curfew::thread_exception&) { ++calls; });
  const auto mine = curfew::set_exception_hook({});
  ASSERT_TRUE(mine);
  mine({std::make_exception_ptr(1), nullptr});
  EXPECT_EQ(calls, 1);
}

TEST_F(ExceptionHook, an_empty_one_puts_the_default_back) {
  curfew::set_exception_hook([](const curfew::thread_exception&) {});
  curfew::set_exception_hook({});
  EXPECT_NE(stderr_of([] { thread([] { throw std::runtime_error("shown"); }).join(); }).find("shown"),
            std::string::npos);
}

TEST_F(ExceptionHook, the_default_can_be_called_by_a_hook_and_by_hand) {
  curfew::set_exception_hook([](const curfew::thread_exception& e) { curfew::default_exception_hook(e); });
  EXPECT_NE(stderr_of([] { thread([] { throw std::runtime_error("through"); }).join(); }).find("through"),
            std::string::npos);
  EXPECT_NE(stderr_of([] {
              curfew::default_exception_hook({std::make_exception_ptr(std::runtime_error("by hand")), nullptr});
            }).find("by hand"),
            std::string::npos);
}

TEST_F(ExceptionHook, thread_exit_ends_quietly) {
  std::atomic<bool> called{false};
  curfew::set_exception_hook([&](const curfew::thread_exception&) { called = true; });
  thread t([] { throw curfew::thread_exit(); });
  t.join();
  EXPECT_FALSE(called);
  EXPECT_EQ(t.exception(), nullptr);
  curfew::set_exception_hook({});
  EXPECT_EQ(stderr_of([] { thread([] { throw curfew::thread_exit(); }).join(); }), "");
  EXPECT_EQ(stderr_of([] {
              curfew::default_exception_hook({std::make_exception_ptr(curfew::thread_exit()), nullptr});
            }),
            "");
}

TEST_F(ExceptionHook, many_at_once_are_whole_lines) {
  const auto text = stderr_of([] {
    curfew::thread_scope s;
    for (int i = 0; i < 20; ++i) {
      s.start([] {
        thread t({.name = "one-of-many"}, [] { throw std::runtime_error("together"); });
        t.join();
      });
    }
    s.join();
  });
  std::size_t reports = 0;
  for (std::size_t at = 0; (at = text.find("Exception in thread \"one-of-many\" (#", at)) != std::string::npos; ++at) {
    EXPECT_TRUE(at == 0 || text[at - 1] == '\n') << text.substr(at > 40 ? at - 40 : 0, 120);
    ++reports;
  }
  EXPECT_EQ(reports, 20U);
}

using ExceptionHookDeathTest = ExceptionHook;

TEST_F(ExceptionHookDeathTest, a_hook_that_throws_is_reported_and_the_program_terminates) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        curfew::set_exception_hook([](const curfew::thread_exception&) { throw std::runtime_error("from the hook"); });
        thread t([] { throw std::runtime_error("from the thread"); });
        t.join();
      },
      "from the hook");
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// ThreadingExceptionTests and ExceptHookTests of test_threading.py, and MiscTestCase: the rows that need no end of a
// process. The others: exceptions_at_exit.cpp.
#include <curfew/exception_hook.hpp>
#include <curfew/thread.hpp>

#include <support/error_of.hpp>
#include <support/proc.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include <unistd.h>

namespace {

using curfew_test::code_of;
using curfew_test::eventually;
using curfew_test::gate;

template <class T>
concept can_be_started = requires(T t) {
  t.start();
};
template <class T>
concept daemon_can_be_set = requires(T t) {
  t.set_daemon(true);
};

// A thread is started by its constructor: there is nothing to call twice, and a second one in the same handle is
// another.
TEST(ThreadingExceptionTests, test_start_thread_again) {
  static_assert(!can_be_started<curfew::thread> && !can_be_started<curfew::jthread>);
  gate end;
  curfew::thread t([&] { end.wait(); });
  const auto first = t.info().number;
  t = curfew::thread([&] { end.wait(); });
  EXPECT_NE(t.info().number, first);
  EXPECT_EQ(curfew::active_count(), 3U);
  end.open();
  t.join();
  EXPECT_TRUE(eventually([] { return curfew::active_count() == 1; }));
}

TEST(ThreadingExceptionTests, test_joining_current_thread) {
  EXPECT_EQ(code_of([] { curfew::join_main_thread(); }), std::errc::resource_deadlock_would_occur);
  gate made;
  std::error_code code;
  curfew::thread t;
  t = curfew::thread([&] {
    made.wait();
    code = code_of([&] { t.join(); });
  });
  made.open();
  t.join();
  EXPECT_EQ(code, std::errc::resource_deadlock_would_occur);
}

TEST(ThreadingExceptionTests, test_joining_inactive_thread) {
  curfew::thread never_started;
  EXPECT_EQ(code_of([&] { never_started.join(); }), std::errc::invalid_argument);
}

// Regular or daemon is fixed when the thread is made: no setter, and nothing changes it.
TEST(ThreadingExceptionTests, test_daemonize_active_thread) {
  static_assert(!daemon_can_be_set<curfew::thread> && !daemon_can_be_set<curfew::jthread>);
  for (const bool daemon : {false, true}) {
    gate end;
    curfew::thread t({.daemon = daemon}, [&] { end.wait(); });
    EXPECT_EQ(t.daemon(), daemon);
    t.request_stop();
    t.set_name("renamed");
    EXPECT_EQ(t.daemon(), daemon);
    end.open();
    t.join();
    EXPECT_EQ(t.daemon(), daemon);
  }
}

std::string stderr_of(const std::function<void()>& action) {
  testing::internal::CaptureStderr();
  action();
  return testing::internal::GetCapturedStderr();
}

TEST(ThreadingExceptionTests, test_print_exception) {
  const auto text = stderr_of([] { curfew::thread([] { throw std::domain_error("division by zero"); }).join(); });
  EXPECT_NE(text.find("Exception in thread"), std::string::npos) << text;
  EXPECT_NE(text.find("std::domain_error"), std::string::npos) << text;
  EXPECT_NE(text.find("division by zero"), std::string::npos) << text;
}

// gh-102056: a report that fails on the way must not be lost behind its own failure. Here: a name and a reason that are
// no text.
TEST(ThreadingExceptionTests, test_print_exception_gh_102056) {
  struct odd : std::exception {
    const char* what() const noexcept override { return "\xff\xfe\n%s%n"; }
  };
  const auto text = stderr_of([] { curfew::thread({.name = "\xff%s%n\n"}, [] { throw odd(); }).join(); });
  EXPECT_EQ(text.rfind("Exception in thread", 0), 0U) << text;
  EXPECT_NE(text.find("odd"), std::string::npos) << text;
}

TEST(ThreadingExceptionTests, test_multithread_modify_file_noerror) {
  const auto file = std::filesystem::temp_directory_path() / ("curfew-rows-" + std::to_string(::getpid()));
  std::atomic<int> failures{0};
  {
    curfew::thread_scope s;
    for (int i = 0; i < 100; ++i) {
      s.start([&] {
        FILE* const f = std::fopen(file.c_str(), "a");
        if (f == nullptr || std::fputs("spam", f) < 0 || std::fclose(f) != 0) ++failures;
      });
    }
    s.join();
  }
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(std::filesystem::file_size(file), 400U);
  std::filesystem::remove(file);
}

class ExceptHookTests : public testing::Test {
 protected:
  void TearDown() override { curfew::set_exception_hook({}); }
};

TEST_F(ExceptHookTests, test_excepthook) {
  const auto text = stderr_of(
      [] { curfew::thread({.name = "excepthook thread"}, [] { throw std::invalid_argument("bug"); }).join(); });
  EXPECT_EQ(text.rfind("Exception in thread \"excepthook thread\" (#", 0), 0U) << text;
  EXPECT_NE(text.find("std::invalid_argument"), std::string::npos) << text;
  EXPECT_NE(text.find("bug"), std::string::npos) << text;
}

TEST_F(ExceptHookTests, test_excepthook_thread_None) {
  const auto text = stderr_of([] {
    curfew::default_exception_hook({std::make_exception_ptr(std::invalid_argument("bug")), nullptr});
  });
  EXPECT_EQ(text.rfind("Exception in thread", 0), 0U) << text;
  EXPECT_NE(text.find("bug"), std::string::npos) << text;
}

TEST_F(ExceptHookTests, test_system_exit) {
  EXPECT_EQ(stderr_of([] { curfew::thread([] { throw curfew::thread_exit(); }).join(); }), "");
}

TEST_F(ExceptHookTests, test_custom_excepthook) {
  std::string what;
  std::uint64_t number = 0;
  curfew::set_exception_hook([&](const curfew::thread_exception& e) {
    number = e.thread->number;
    try {
      std::rethrow_exception(e.exception);
    } catch (const std::invalid_argument& x) {
      what = x.what();
    }
  });
  curfew::thread t([] { throw std::invalid_argument("bug"); });
  const auto expected = t.info().number;
  EXPECT_EQ(stderr_of([&] { t.join(); }), "");
  EXPECT_EQ(what, "bug");
  EXPECT_EQ(number, expected);
}

TEST_F(ExceptHookTests, test_original_excepthook) {
  const auto run = [] {
    return stderr_of([] { curfew::thread({.name = "t"}, [] { throw std::invalid_argument("bug"); }).join(); });
  };
  const auto original = run();
  int calls = 0;
  const auto before = curfew::set_exception_hook([&](const curfew::thread_exception&) { ++calls; });
  EXPECT_EQ(run(), "");
  EXPECT_EQ(calls, 1);
  curfew::set_exception_hook(before);  // what it was
  EXPECT_NE(run().find("bug"), std::string::npos);
  EXPECT_EQ(calls, 1);
  EXPECT_NE(original.find("bug"), std::string::npos);
  curfew::set_exception_hook([&](const curfew::thread_exception& e) {
    ++calls;
    curfew::default_exception_hook(e);
  });
  EXPECT_NE(run().find("bug"), std::string::npos);
  EXPECT_EQ(calls, 2);
}

TEST(MiscTestCase, test_set_name) {
  struct {
    std::string_view given;
    std::string_view shown;
  } const cases[] = {
      {"abc", "abc"},
      {"x123456789abcdef", "x123456789abcde"},
      {"abc\xc3\xa9", "abc\xc3\xa9"},
      {"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
       "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"},
      {"\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac",
       "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"},
      {"ab\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80",
       "ab\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"},
  };
  for (const auto& c : cases) {
    std::string seen;
    curfew::thread t({.name = c.given}, [&] { seen = curfew_test::kernel_name(::gettid()); });
    t.join();
    EXPECT_EQ(seen, c.shown);
    EXPECT_EQ(t.name(), c.given);
  }
  EXPECT_EQ(code_of([] { curfew::thread({.name = std::string_view("abc\0def", 7)}, [] {}).join(); }),
            std::errc::invalid_argument);
}

TEST(MiscTestCase, test_change_name) {
  std::string first;
  std::string second;
  std::string third;
  gate renamed;
  gate waiting;
  curfew::thread t({.name = "first"}, [&] {
    first = curfew_test::kernel_name(::gettid());
    curfew::this_thread::set_name("second");
    second = curfew_test::kernel_name(::gettid());
    waiting.open();
    renamed.wait();
    third = curfew_test::kernel_name(::gettid());
  });
  waiting.wait();
  t.set_name("third");  // of another thread, while it runs: reaches the kernel too
  renamed.open();
  t.join();
  EXPECT_EQ(first, "first");
  EXPECT_EQ(second, "second");
  EXPECT_EQ(third, "third");
  EXPECT_EQ(t.name(), "third");
}

}  // namespace

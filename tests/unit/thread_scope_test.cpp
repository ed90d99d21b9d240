// SPDX-License-Identifier: Apache-2.0
// curfew::thread_scope: what it starts has ended when it has.
#include <curfew/exception_hook.hpp>
#include <curfew/thread.hpp>

#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using curfew::thread_scope;

/// Collects what reaches the exception hook while it lives.
class hooked {
 public:
  hooked() {
    curfew::set_exception_hook([this](const curfew::thread_exception& e) {
      try {
        std::rethrow_exception(e.exception);
      } catch (const std::exception& x) {
        const std::lock_guard lock(mutex_);
        seen_.emplace_back(x.what());
      }
    });
  }
  ~hooked() { curfew::set_exception_hook({}); }
  std::vector<std::string> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> seen_;
};

TEST(ThreadScope, join_waits_for_all) {
  std::atomic<int> ended{0};
  thread_scope s;
  for (int i = 0; i < 8; ++i) {
    s.start([&] {
      std::this_thread::sleep_for(5ms);
      ++ended;
    });
  }
  EXPECT_EQ(s.size(), 8U);
  s.join();
  EXPECT_EQ(ended, 8);
  EXPECT_EQ(s.size(), 0U);
}

TEST(ThreadScope, an_empty_one_joins_at_once) {
  thread_scope s;
  EXPECT_EQ(s.size(), 0U);
  EXPECT_NO_THROW(s.join());
}

TEST(ThreadScope, it_can_be_used_again_after_the_join) {
  int runs = 0;
  thread_scope s;
  s.start([&] { ++runs; });
  s.join();
  s.start([&] { ++runs; });
  s.join();
  EXPECT_EQ(runs, 2);
}

TEST(ThreadScope, arguments_and_options_as_for_a_thread) {
  std::string seen;
  curfew::thread_info info;
  thread_scope s;
  s.start(
      {.name = "scoped"}, [&](std::string text) { info = curfew::current(), seen = text; }, "given");
  s.join();
  EXPECT_EQ(seen, "given");
  EXPECT_EQ(info.name, "scoped");
}

TEST(ThreadScope, the_destructor_asks_and_joins) {
  std::atomic<bool> asked{false};
  {
    thread_scope s;
    s.start([&](std::stop_token stop) { asked = curfew_test::eventually([&] { return stop.stop_requested(); }); });
  }
  EXPECT_TRUE(asked);
}

TEST(ThreadScope, request_stop_reaches_all) {
  std::atomic<int> asked{0};
  thread_scope s;
  for (int i = 0; i < 3; ++i) {
    s.start([&](std::stop_token) {
      if (!curfew::this_thread::sleep_for(1h)) ++asked;
    });
  }
  s.request_stop();
  s.join();
  EXPECT_EQ(asked, 3);
}

TEST(ThreadScope, the_first_exception_is_rethrown_and_later_ones_go_to_the_hook) {
  hooked hook;
  thread_scope s;
  s.start([&] { throw std::runtime_error("first"); });
  ASSERT_TRUE(curfew_test::eventually([] { return curfew::active_count() == 1; }));
  s.start([&] { throw std::runtime_error("second"); });
  try {
    s.join();
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(), "first");
  }
  EXPECT_EQ(hook.seen(), std::vector<std::string>{"second"});
  EXPECT_EQ(s.size(), 0U);
}

TEST(ThreadScope, all_have_ended_when_join_throws) {
  hooked hook;
  std::atomic<bool> ended{false};
  thread_scope s;
  s.start([] { throw std::runtime_error("early"); });
  s.start([&] {
    std::this_thread::sleep_for(30ms);
    ended = true;
  });
  EXPECT_THROW(s.join(), std::runtime_error);
  EXPECT_TRUE(ended);
}

TEST(ThreadScope, an_exception_that_nobody_collects_goes_to_the_hook) {
  hooked hook;
  {
    thread_scope s;
    s.start([] { throw std::runtime_error("uncollected"); });
  }
  EXPECT_EQ(hook.seen(), std::vector<std::string>{"uncollected"});
}

/// How many threads this process has, those included that are over and not joined.
long stacks() {
  std::ifstream maps("/proc/self/maps");
  long count = 0;
  for (std::string line; std::getline(maps, line);) ++count;
  return count;
}

TEST(ThreadScope, what_has_ended_is_given_back_before_the_join) {
  std::atomic<int> ended{0};
  thread_scope s;
  const auto start = [&](int count) {
    for (int i = 0; i < count; ++i) {
      s.start([&] { ++ended; });
      ASSERT_TRUE(curfew_test::eventually([] { return curfew::active_count() == 1; }));
    }
  };
  start(100);
  const long before = stacks();
  start(1000);
  EXPECT_LT(stacks(), before + 200);
  EXPECT_EQ(s.size(), 1100U);
  s.join();
  EXPECT_EQ(ended, 1100);
  EXPECT_EQ(s.size(), 0U);
}

TEST(ThreadScope, a_thread_that_runs_on_is_kept_among_many_that_have_ended) {
  curfew_test::gate open;
  std::atomic<bool> ended{false};
  thread_scope s;
  s.start([&] {
    open.wait();
    ended = true;
  });
  for (int i = 0; i < 200; ++i) {
    s.start([] {});
    ASSERT_TRUE(curfew_test::eventually([] { return curfew::active_count() == 2; }));
  }
  open.open();
  s.join();
  EXPECT_TRUE(ended);
}

TEST(ThreadScope, the_first_exception_of_many_threads_is_kept_and_the_hook_hears_of_the_others) {
  hooked hook;
  curfew_test::gate open;
  thread_scope s;
  s.start([&] {
    open.wait();
    throw std::runtime_error("first");
  });
  for (int i = 0; i < 100; ++i) {
    s.start([] { throw std::runtime_error("later"); });
    ASSERT_TRUE(curfew_test::eventually([] { return curfew::active_count() == 2; }));
  }
  EXPECT_GE(hook.seen().size(), 50U);
  open.open();
  try {
    s.join();
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(), "first");
  }
  EXPECT_EQ(hook.seen(), std::vector<std::string>(100, "later"));
}

TEST(ThreadScope, the_hook_may_use_the_scope) {
  thread_scope s;
  std::atomic<int> told{0};
  curfew::set_exception_hook([&](const curfew::thread_exception&) {
    ++told;
    s.start([] {});
  });
  for (int i = 0; i < 60; ++i) {
    s.start([] { throw std::runtime_error("again"); });
    ASSERT_TRUE(curfew_test::eventually([] { return curfew::active_count() == 1; }));
  }
  EXPECT_THROW(s.join(), std::runtime_error);
  s.join();
  curfew::set_exception_hook({});
  EXPECT_EQ(told, 59);
}

TEST(ThreadScope, thread_exit_is_no_exception_to_rethrow) {
  hooked hook;
  thread_scope s;
  s.start([] { throw curfew::thread_exit(); });
  EXPECT_NO_THROW(s.join());
  EXPECT_TRUE(hook.seen().empty());
}

TEST(ThreadScope, its_threads_are_regular_also_on_a_daemon_unless_they_say_otherwise) {
  bool plain = true;
  bool named = true;
  bool said = false;
  curfew::thread t({.daemon = true}, [&] {
    thread_scope s;
    s.start([&] { plain = curfew::this_thread::is_daemon(); });
    s.start({.name = "named"}, [&] { named = curfew::this_thread::is_daemon(); });
    s.start({.daemon = true}, [&] { said = curfew::this_thread::is_daemon(); });
    s.join();
  });
  t.join();
  EXPECT_FALSE(plain);
  EXPECT_FALSE(named);
  EXPECT_TRUE(said);
}

TEST(ThreadScope, a_start_that_is_refused_adds_nothing) {
  thread_scope s;
  EXPECT_THROW(s.start({.stack_size = 1}, [] {}), std::system_error);
  EXPECT_EQ(s.size(), 0U);
  EXPECT_NO_THROW(s.join());
}

}  // namespace

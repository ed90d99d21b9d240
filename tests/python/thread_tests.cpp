// SPDX-License-Identifier: Apache-2.0
// ThreadTests of CPython's test_threading.py, the rows that need no end of a process. The others:
// thread_tests_at_exit.cpp, thread_tests_fork.cpp.
#include <curfew/exception_hook.hpp>
#include <curfew/registry.hpp>
#include <curfew/thread.hpp>

#include <support/proc.hpp>
#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <semaphore>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using curfew_test::eventually;
using curfew_test::gate;

TEST(ThreadTests, test_name) {
  curfew::thread named({.name = "myname1"}, [] {});
  EXPECT_EQ(named.name(), "myname1");
  curfew::thread empty({.name = ""}, [] {});
  EXPECT_EQ(empty.name(), "Thread-" + std::to_string(empty.info().number));
  curfew::thread unnamed([] {});
  EXPECT_EQ(unnamed.name(), "Thread-" + std::to_string(unnamed.info().number));
  named.join();
  empty.join();
  unnamed.join();
}

TEST(ThreadTests, test_args_argument) {
  std::vector<int> got;
  curfew::thread one([&](int a) { got = {a}; }, 1);
  one.join();
  EXPECT_EQ(got, (std::vector{1}));
  curfew::thread two([&](int a, int b) { got = {a, b}; }, 1, 2);
  two.join();
  EXPECT_EQ(got, (std::vector{1, 2}));
}

void various_ops(std::size_t stack_size) {
  constexpr int count = 10;
  std::counting_semaphore<3> three(3);
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  std::vector<curfew::thread> threads;
  for (int i = 0; i < count; ++i) {
    curfew::thread none;
    EXPECT_EQ(none.get_id(), curfew::thread::id());
    EXPECT_EQ(none.native_id(), 0);
    threads.emplace_back(curfew::thread_options{.name = "<thread " + std::to_string(i) + ">", .stack_size = stack_size},
                         [&] {
                           three.acquire();
                           const int now = ++running;
                           for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
                           }
                           std::this_thread::sleep_for(2ms);
                           --running;
                           three.release();
                         });
  }
  std::set<pid_t> natives;
  for (auto& t : threads) {
    EXPECT_TRUE(eventually([&] { return t.native_id() != 0; }));
    EXPECT_NE(t.get_id(), curfew::thread::id());
    natives.insert(t.native_id());
  }
  EXPECT_EQ(natives.size(), std::size_t{count});
  EXPECT_EQ(natives.count(::getpid()), 0U);
  for (auto& t : threads) {
    t.join();
    EXPECT_FALSE(t.is_alive());
    EXPECT_NE(t.native_id(), 0);
    EXPECT_EQ(t.info().state, curfew::thread_state::ended);
  }
  EXPECT_EQ(running, 0);
  EXPECT_LE(most, 3);
}

TEST(ThreadTests, test_various_ops) { various_ops(0); }
TEST(ThreadTests, test_various_ops_small_stack) { various_ops(256 << 10); }
TEST(ThreadTests, test_various_ops_large_stack) { various_ops(1 << 20); }

TEST(ThreadTests, test_ident_of_no_threading_threads) {
  EXPECT_EQ(curfew::this_thread::id(), std::this_thread::get_id());
  EXPECT_EQ(curfew::current().native_id, ::getpid());
  pid_t asked = 0;
  pid_t real = 0;
  std::thread foreign([&] {
    asked = curfew::current().native_id;
    real = ::gettid();
  });
  foreign.join();
  EXPECT_EQ(asked, real);
}

TEST(ThreadTests, test_foreign_thread) {
  gate asked;
  gate end;
  std::uint64_t number = 0;
  std::thread foreign([&] {
    const auto me = curfew::current();
    number = me.number;
    EXPECT_EQ(me.kind, curfew::thread_kind::foreign);
    EXPECT_NE(me.state, curfew::thread_state::ended);
    EXPECT_EQ(curfew::current().number, number) << "asked again, the same";
    asked.open();
    end.wait();
  });
  asked.wait();
  const auto listed = [&] {
    const auto all = curfew::enumerate();
    return std::ranges::find(all, number, &curfew::thread_info::number) != all.end();
  };
  EXPECT_NE(number, 0U);
  EXPECT_TRUE(listed());
  end.open();
  foreign.join();
  EXPECT_TRUE(eventually([&] { return !listed(); }));
}

TEST(ThreadTests, test_enumerate_after_join) {
  for (int i = 0; i < 100; ++i) {
    curfew::thread t([=] {
      if (i % 3 == 0) std::this_thread::yield();
    });
    const auto number = t.info().number;
    t.join();
    const auto all = curfew::enumerate();
    ASSERT_EQ(std::ranges::find(all, number, &curfew::thread_info::number), all.end()) << "run " << i;
  }
}

TEST(ThreadTests, test_join_from_multiple_threads) {
  // Each by join() and with a limit, in turns.
  for (const int joiners : {1, 2, 7, 19}) {
    gate end;
    std::atomic<int> inside{0};
    std::atomic<int> returned{0};
    curfew::thread target([&] { end.wait(); });
    curfew::thread_scope all;
    for (int i = 0; i < joiners; ++i) {
      all.start([&, i] {
        ++inside;
        if (i % 2 == 0) {
          target.join();
          ++returned;
        } else if (target.join_for(1h)) {
          ++returned;
        }
      });
    }
    ASSERT_TRUE(eventually([&] {
      int waiting = 0;
      for (const auto& t : curfew::enumerate()) waiting += t.state == curfew::thread_state::waiting;
      return inside == joiners && waiting == joiners;
    }));
    end.open();
    all.join();
    EXPECT_EQ(returned, joiners);
    EXPECT_FALSE(target.is_alive());
  }
}

TEST(ThreadTests, test_join_with_timeout) {
  gate end;
  curfew::thread t([&] { end.wait(); });
  const curfew_test::stopwatch watch;
  EXPECT_FALSE(t.join_for(20ms));
  EXPECT_GE(watch.elapsed(), 20ms);
  EXPECT_TRUE(t.is_alive());
  end.open();
  EXPECT_TRUE(t.join_for(1h));
  EXPECT_FALSE(t.is_alive());
}

TEST(ThreadTests, test_no_refcycle_through_target) {
  for (const bool throws : {false, true}) {
    curfew::set_exception_hook([](const curfew::thread_exception&) {});
    auto in_callable = std::make_shared<int>(1);
    auto in_argument = std::make_shared<int>(2);
    const std::weak_ptr<int> callable = in_callable;
    const std::weak_ptr<int> argument = in_argument;
    curfew::thread t(
        [throws, held = std::move(in_callable)](const std::shared_ptr<int>&) {
          if (throws) throw std::runtime_error("ends early");
        },
        std::move(in_argument));
    EXPECT_TRUE(eventually([&] { return !t.is_alive(); }));
    EXPECT_TRUE(callable.expired()) << "the handle lives, what the thread held does not";
    EXPECT_TRUE(argument.expired());
    t.join();
    curfew::set_exception_hook({});
  }
}

TEST(ThreadTests, test_repr_daemon) {
  curfew::thread regular([] {});
  EXPECT_STREQ(curfew::to_string(regular.info().kind), "regular");
  curfew::thread daemon({.daemon = true}, [] {});
  EXPECT_STREQ(curfew::to_string(daemon.info().kind), "daemon");
  regular.join();
  daemon.join();
}

TEST(ThreadTests, test_daemon_param) {
  curfew::thread inherited([] {});
  curfew::thread no({.daemon = false}, [] {});
  curfew::thread yes({.daemon = true}, [] {});
  EXPECT_FALSE(inherited.daemon());
  EXPECT_FALSE(no.daemon());
  EXPECT_TRUE(yes.daemon());
  inherited.join();
  no.join();
  yes.join();
}

TEST(ThreadTests, test_main_thread) {
  const auto main = curfew::main_thread();
  EXPECT_EQ(main.name, "main");
  EXPECT_EQ(main.number, curfew::current().number);
  EXPECT_EQ(main.number, curfew::enumerate().front().number);
  EXPECT_EQ(main.native_id, ::getpid());
  std::uint64_t seen_elsewhere = 1;
  std::uint64_t own = 0;
  curfew::thread t([&] {
    seen_elsewhere = curfew::main_thread().number;
    own = curfew::current().number;
  });
  t.join();
  EXPECT_EQ(seen_elsewhere, main.number);
  EXPECT_NE(own, main.number);
}

// In CPython the lock that says that a thread's state is gone: taken while it runs, free when it has ended, without a
// join.
TEST(ThreadTests, test_tstate_lock) {
  gate end;
  gate begun;
  curfew::thread t([&] {
    begun.open();
    end.wait();
  });
  begun.wait();
  EXPECT_TRUE(t.is_alive());
  EXPECT_FALSE(t.join_for(0s));
  end.open();
  EXPECT_TRUE(eventually([&] { return !t.is_alive(); }));
  EXPECT_TRUE(t.join_for(0s));
}

TEST(ThreadTests, test_repr_stopped) {
  gate end;
  curfew::thread t([&] { end.wait(); });
  EXPECT_TRUE(eventually([&] { return t.info().state == curfew::thread_state::running; }));
  end.open();
  EXPECT_TRUE(eventually([&] { return t.info().state == curfew::thread_state::ended; })) << "without a join";
  EXPECT_STREQ(curfew::to_string(t.info().state), "ended");
  t.join();
}

// In CPython the locks that the exit waits for: never more than there are threads.
TEST(ThreadTests, test_shutdown_locks) {
  for (const bool daemon : {false, true}) {
    gate end;
    curfew::thread t({.daemon = daemon}, [&] { end.wait(); });
    EXPECT_EQ(curfew::counts().live, 2U);
    EXPECT_EQ(curfew::counts().daemon, daemon ? 1U : 0U);
    end.open();
    t.join();
    EXPECT_EQ(curfew::counts().live, 1U);
    EXPECT_EQ(curfew::counts().daemon, 0U);
  }
}

TEST(ThreadTests, test_leak_without_join) {
  if (curfew_test::address_sanitizer) GTEST_SKIP() << "AddressSanitizer keeps what is freed; it finds leaks itself";
  const auto memory = [] {
    struct rusage usage;
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const auto run = [](int times) {
    for (int i = 0; i < times; ++i) {
      {
        curfew::thread t([] {});
      }
      if (i % 50 == 49 && !eventually([] { return curfew::active_count() == 1; })) return false;
    }
    return eventually([] { return curfew::active_count() == 1; });
  };
  const auto kernel_before = curfew_test::kernel_threads();
  ASSERT_TRUE(run(500));
  const auto after_warm_up = memory();
  ASSERT_TRUE(run(4000));
  // 4000 leaked records of a few hundred bytes would be more; 4000 leaked stacks a great deal more.
  EXPECT_LT(memory() - after_warm_up, 1024 * CURFEW_TEST_TIME_FACTOR) << "KiB";
  EXPECT_TRUE(eventually([&] { return curfew_test::kernel_threads() == kernel_before; }));
}

}  // namespace

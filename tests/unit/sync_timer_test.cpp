// SPDX-License-Identifier: Apache-2.0
// Timers; what cancel does: tests/python/timer_tests.cpp.
#include <curfew/exception_hook.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/child.hpp>
#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include <pthread.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using curfew::timer;
using curfew_test::eventually;
using curfew_test::gate;
using curfew_test::stopwatch;

TEST(Timer, calls_once_and_not_too_early) {
  const stopwatch watch;
  std::atomic<int> called{0};
  timer t(20ms, [&] { ++called; });
  EXPECT_TRUE(t.join());
  EXPECT_GE(watch.elapsed(), 20ms);
  EXPECT_EQ(called, 1);
  EXPECT_FALSE(t.is_alive());
}

TEST(Timer, calls_in_the_order_of_their_times) {
  std::mutex mutex;
  std::vector<int> order;
  gate busy;
  gate go_on;
  timer first(0s, [&] {
    busy.open();
    go_on.wait();
  });
  busy.wait();
  std::vector<timer> timers;
  for (const int i : {3, 1, 2})
    timers.emplace_back(i * 100ms, [&, i] {
      const std::lock_guard hold(mutex);
      order.push_back(i);
    });
  go_on.open();
  for (auto& t : timers) EXPECT_TRUE(t.join());
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST(Timer, all_are_served_by_one_thread) {
  std::mutex mutex;
  std::vector<std::uint64_t> callers;
  const auto note = [&] {
    const std::lock_guard hold(mutex);
    callers.push_back(curfew::current().number);
  };
  std::vector<timer> timers;
  for (int i = 0; i < 20; ++i) timers.emplace_back(1ms, note);
  for (auto& t : timers) EXPECT_TRUE(t.join());
  EXPECT_EQ(callers, std::vector(20, callers.front()));
  EXPECT_EQ(curfew::find("timers")->number, callers.front());
}

TEST(Timer, has_a_thread_of_its_own_when_asked) {
  std::string name;
  gate busy;
  gate go_on;
  timer slow(0s, [&] {
    busy.open();
    go_on.wait();
  });
  busy.wait();
  timer own({.own_thread = true, .name = "reminder"}, 1ms, [&] { name = curfew::this_thread::name(); });
  EXPECT_TRUE(own.join()) << "although the shared thread is busy";
  EXPECT_EQ(name, "reminder");
  EXPECT_TRUE(eventually([] { return !curfew::find("reminder"); })) << "it ends with its timer";
  timer cancelled({.own_thread = true, .name = "cancelled"}, 1h, [] {});
  EXPECT_TRUE(cancelled.cancel());
  EXPECT_TRUE(eventually([] { return !curfew::find("cancelled"); }));
  go_on.open();
  EXPECT_TRUE(slow.join());
}

TEST(Timer, daemon_or_regular) {
  bool daemon = false;
  bool regular = true;
  timer d({.daemon = true}, 0s, [&] { daemon = curfew::this_thread::is_daemon(); });
  timer r({.daemon = false}, 0s, [&] { regular = curfew::this_thread::is_daemon(); });
  EXPECT_TRUE(d.join());
  EXPECT_TRUE(r.join());
  EXPECT_TRUE(daemon);
  EXPECT_FALSE(regular);
  bool inherited = false;
  curfew::jthread maker({.daemon = true}, [&] {
    timer t(0s, [&] { inherited = curfew::this_thread::is_daemon(); });
    EXPECT_TRUE(t.join());
  });
  maker.join();
  EXPECT_TRUE(inherited);
}

TEST(Timer, a_periodic_one_keeps_to_its_interval_and_leaves_out_what_it_missed) {
  std::atomic<int> called{0};
  const stopwatch watch;
  timer t({.periodic = true}, 20ms, [&] {
    if (++called == 1) std::this_thread::sleep_for(70ms);
  });
  ASSERT_TRUE(eventually([&] { return called >= 3; }));
  t.cancel();
  EXPECT_TRUE(t.join());
  // The first ends at 90, so the next are at 100 and 120.
  EXPECT_GE(watch.elapsed(), 120ms);
}

TEST(Timer, a_periodic_one_may_cancel_itself) {
  std::atomic<int> called{0};
  timer t;
  gate assigned;
  t = timer({.periodic = true}, 1ms, [&] {
    assigned.wait();
    if (++called == 3) {
      EXPECT_TRUE(t.cancel());
    }
  });
  assigned.open();
  EXPECT_TRUE(t.join());
  EXPECT_EQ(called, 3);
}

TEST(Timer, giving_up_the_handle_leaves_it_going) {
  gate called;
  {
    timer t(5ms, [&] { called.open(); });
  }
  called.wait();
}

TEST(Timer, exceptions_go_to_the_hook_and_it_goes_on) {
  std::atomic<int> told{0};
  auto before = curfew::set_exception_hook([&](const curfew::thread_exception& e) {
    try {
      std::rethrow_exception(e.exception);
    } catch (const std::runtime_error&) {
      ++told;
    }
  });
  std::atomic<int> called{0};
  timer t({.periodic = true}, 1ms, [&] {
    ++called;
    throw std::runtime_error("a call");
  });
  EXPECT_TRUE(eventually([&] { return told >= 2; }));
  t.cancel();
  EXPECT_TRUE(t.join());
  timer quiet(0s, [] { throw curfew::thread_exit(); });
  EXPECT_TRUE(quiet.join());
  EXPECT_EQ(told, called);
  curfew::set_exception_hook(before);
}

TEST(Timer, one_whose_function_ends_the_thread_is_over_and_the_others_are_called) {
  if (curfew_test::no_pthread_exit != nullptr) GTEST_SKIP() << curfew_test::no_pthread_exit;
  gate all_are_there;
  timer ends(0s, [&] {
    all_are_there.wait();
    ::pthread_exit(nullptr);
  });
  std::atomic<int> periodic_calls{0};
  timer periodic({.periodic = true}, 5ms, [&] {
    if (++periodic_calls == 2) ::pthread_exit(nullptr);
  });
  std::atomic<bool> called{false};
  timer other(30ms, [&] { called = true; });
  all_are_there.open();
  EXPECT_TRUE(ends.join_for(curfew_test::patient(20s)));
  EXPECT_FALSE(ends.is_alive());
  EXPECT_FALSE(ends.cancel());
  EXPECT_TRUE(other.join_for(curfew_test::patient(20s)));
  EXPECT_TRUE(called);
  EXPECT_TRUE(eventually([&] { return periodic_calls >= 4; })) << "it goes on";
  EXPECT_TRUE(periodic.cancel());
  EXPECT_TRUE(periodic.join());
  timer alone({.periodic = true, .own_thread = true}, 1ms, [&] { ::pthread_exit(nullptr); });
  EXPECT_TRUE(alone.is_alive());
  EXPECT_TRUE(alone.cancel());
  EXPECT_TRUE(alone.join_for(curfew_test::patient(20s)));
}

TEST(Timer, misuse) {
  const auto code = [](auto action) {
    try {
      action();
    } catch (const std::system_error& e) {
      return static_cast<std::errc>(e.code().value());
    }
    return std::errc{};
  };
  const auto nothing = [] {};
  EXPECT_EQ(code([&] { timer t(-1s, nothing); }), std::errc::invalid_argument);
  EXPECT_EQ(code([&] { timer t(std::chrono::hours::max(), nothing); }), std::errc::invalid_argument);
  EXPECT_EQ(code([&] { timer t(std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN()), nothing); }),
            std::errc::invalid_argument);
  EXPECT_EQ(code([&] { timer t({.periodic = true}, 0s, nothing); }), std::errc::invalid_argument);
  EXPECT_EQ(code([&] { timer t(1s, {}); }), std::errc::invalid_argument);
  timer none;
  EXPECT_FALSE(none.cancel());
  EXPECT_FALSE(none.is_alive());
  EXPECT_EQ(code([&] { none.join(); }), std::errc::invalid_argument);
  timer self;
  gate assigned;
  std::atomic<std::errc> in_itself{};
  self = timer(0s, [&] {
    assigned.wait();
    in_itself = code([&] { self.join(); });
  });
  assigned.open();
  EXPECT_TRUE(self.join());
  EXPECT_EQ(in_itself.load(), std::errc::resource_deadlock_would_occur);
}

TEST(Timer, one_that_waits_for_another_of_its_thread) {
  const auto join = [](timer& t) {
    try {
      t.join();
    } catch (const std::system_error& e) {
      return static_cast<std::errc>(e.code().value());
    }
    return std::errc{};
  };
  timer over(0s, [] {});
  EXPECT_TRUE(over.join());
  timer later(1h, [] {});
  timer own({.own_thread = true}, 1ms, [] {});
  std::atomic<std::errc> code{};
  std::atomic<bool> others{false};
  timer t(0s, [&] {
    code = join(later);
    others = !later.join_for(1ms) && join(over) == std::errc{} && join(own) == std::errc{};
  });
  if (!t.join_for(curfew_test::patient(5s))) later.cancel();  // lets go of who waits for it
  EXPECT_TRUE(t.join());
  EXPECT_EQ(code.load(), std::errc::resource_deadlock_would_occur);
  EXPECT_TRUE(others) << "with a limit, over, or of another thread";
  later.cancel();
}

TEST(Timer, in_the_child_of_a_fork) {
  if (curfew_test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer has no threads after a fork";
  timer pending(1h, [] {});
  timer own({.own_thread = true}, 1h, [] {});
  curfew_test::wait_for_starting_threads();
  const pid_t child = ::fork();
  if (child == 0) {
    // The parent's are over, and new ones are called.
    bool right = !pending.is_alive() && pending.join() && !pending.cancel() && own.join();
    std::atomic<bool> called{false};
    timer t(1ms, [&] { called = true; });
    right = t.join_for(10s) && called && right;
    ::_exit(right ? 0 : 1);
  }
  EXPECT_EQ(curfew_test::status_of_child(child), 0);
  EXPECT_TRUE(pending.is_alive());
  EXPECT_TRUE(pending.cancel());
  EXPECT_TRUE(own.cancel());
}

TEST(Timer, functions_are_not_destroyed_in_the_child_of_a_fork) {
  // A destructor in there may want any lock: here the one of the timers, by the last handle of another.
  auto over = std::make_shared<timer>(curfew::timer_options{.own_thread = true, .name = "over"}, 0s, [] {});
  EXPECT_TRUE(over->join());
  EXPECT_TRUE(eventually([] { return !curfew::find("over"); }));
  static std::atomic<int> destroyed{0};
  struct says_so {
    ~says_so() { ++destroyed; }
  };
  timer({.daemon = true}, 1h, [over, last = std::make_shared<says_so>()] {});  // nobody else keeps the function
  over.reset();
  curfew_test::wait_for_starting_threads();
  const pid_t child = ::fork();
  if (child == 0) ::_exit(destroyed == 0 ? 0 : 1);
  EXPECT_EQ(curfew_test::status_of_child(child), 0);
  EXPECT_EQ(destroyed, 0);
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// What all waits of <curfew/sync.hpp> have in common: they end when their thread is asked to stop, and when their limit
// has passed.
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <mutex>
#include <ostream>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using curfew_test::eventually;
using curfew_test::patient;
using curfew_test::stopwatch;
using time_point = std::chrono::steady_clock::time_point;
using system_point = std::chrono::system_clock::time_point;

/// Everything there is to wait for, and none of it comes.
struct never {
  curfew::event event;
  curfew::bounded_semaphore semaphore{0, 1};
  curfew::barrier barrier{2};
  curfew::condition condition;
  std::mutex mutex;
  curfew::blocking_queue<int> empty;
  curfew::blocking_queue<int> full{1};
  curfew::timer timer{{.daemon = true}, 1h, [] {}};
  int pipe[2] = {-1, -1};

  never() {
    full.push(1);
    EXPECT_EQ(::pipe(pipe), 0);
  }
  ~never() {
    timer.cancel();
    ::close(pipe[0]);
    ::close(pipe[1]);
  }
};

/// Calls a form of a wait with what it is given: `call(f)` is f(), f(token), f(limit) or f(token, limit).
struct wait {
  const char* name;
  std::function<bool(never&)> plain;
  std::function<bool(never&, const std::stop_token&)> token;
  std::function<bool(never&, std::chrono::nanoseconds)> limit;
  std::function<bool(never&, const std::stop_token&, std::chrono::nanoseconds)> token_limit;
  std::function<bool(never&, time_point)> until;
  std::function<bool(never&, const std::stop_token&, system_point)> token_until;
};
void PrintTo(const wait& w, std::ostream* out) { *out << w.name; }

using stop = const std::stop_token&;
using ns = std::chrono::nanoseconds;

template <class F>
bool passes(F f) {
  try {
    f();
    return true;
  } catch (const curfew::broken_barrier& e) {
    EXPECT_TRUE(e.why() == curfew::broken_barrier::reason::stopped ||
                e.why() == curfew::broken_barrier::reason::timed_out);
    return false;
  }
}

template <class F>
bool under_lock(never& n, F f) {
  std::unique_lock lock(n.mutex);
  const bool r = f(lock);
  EXPECT_TRUE(lock.owns_lock());
  return r;
}

const auto no = [] { return false; };

const wait waits[] = {
    {"event", [](never& n) { return n.event.wait(); }, [](never& n, stop s) { return n.event.wait(s); },
     [](never& n, ns d) { return n.event.wait_for(d); }, [](never& n, stop s, ns d) { return n.event.wait_for(s, d); },
     [](never& n, time_point t) { return n.event.wait_until(t); },
     [](never& n, stop s, system_point t) { return n.event.wait_until(s, t); }},
    {"semaphore", [](never& n) { return n.semaphore.acquire(); },
     [](never& n, stop s) { return n.semaphore.acquire(s); },
     [](never& n, ns d) { return n.semaphore.try_acquire_for(d); },
     [](never& n, stop s, ns d) { return n.semaphore.try_acquire_for(s, d); },
     [](never& n, time_point t) { return n.semaphore.try_acquire_until(t); },
     [](never& n, stop s, system_point t) { return n.semaphore.try_acquire_until(s, t); }},
    {"permit",
     [](never& n) { return bool(curfew::permit(n.semaphore)); },
     [](never& n, stop s) { return bool(curfew::permit(n.semaphore, s)); },
     {},
     {},
     {},
     {}},
    {"barrier", [](never& n) { return passes([&] { n.barrier.wait(); }); },
     [](never& n, stop s) { return passes([&] { n.barrier.wait(s); }); },
     [](never& n, ns d) { return passes([&] { n.barrier.wait_for(d); }); },
     [](never& n, stop s, ns d) { return passes([&] { n.barrier.wait_for(s, d); }); },
     [](never& n, time_point t) { return passes([&] { n.barrier.wait_until(t); }); },
     [](never& n, stop s, system_point t) { return passes([&] { n.barrier.wait_until(s, t); }); }},
    {"condition", [](never& n) { return under_lock(n, [&](auto& l) { return n.condition.wait(l); }); },
     [](never& n, stop s) { return under_lock(n, [&](auto& l) { return n.condition.wait(l, s); }); },
     [](never& n, ns d) { return under_lock(n, [&](auto& l) { return n.condition.wait_for(l, d); }); },
     [](never& n, stop s, ns d) { return under_lock(n, [&](auto& l) { return n.condition.wait_for(l, s, d); }); },
     [](never& n, time_point t) { return under_lock(n, [&](auto& l) { return n.condition.wait_until(l, t); }); },
     [](never& n, stop s, system_point t) {
       return under_lock(n, [&](auto& l) { return n.condition.wait_until(l, s, t); });
     }},
    {"condition_with_predicate",
     [](never& n) { return under_lock(n, [&](auto& l) { return n.condition.wait(l, no); }); },
     [](never& n, stop s) { return under_lock(n, [&](auto& l) { return n.condition.wait(l, s, no); }); },
     [](never& n, ns d) { return under_lock(n, [&](auto& l) { return n.condition.wait_for(l, d, no); }); },
     [](never& n, stop s, ns d) { return under_lock(n, [&](auto& l) { return n.condition.wait_for(l, s, d, no); }); },
     [](never& n, time_point t) { return under_lock(n, [&](auto& l) { return n.condition.wait_until(l, t, no); }); },
     [](never& n, stop s, system_point t) {
       return under_lock(n, [&](auto& l) { return n.condition.wait_until(l, s, t, no); });
     }},
    {"queue_pop", [](never& n) { return n.empty.pop().has_value(); },
     [](never& n, stop s) { return n.empty.pop(s).has_value(); },
     [](never& n, ns d) { return n.empty.pop_for(d).has_value(); },
     [](never& n, stop s, ns d) { return n.empty.pop_for(s, d).has_value(); },
     [](never& n, time_point t) { return n.empty.pop_until(t).has_value(); },
     [](never& n, stop s, system_point t) { return n.empty.pop_until(s, t).has_value(); }},
    {"queue_push", [](never& n) { return n.full.push(2); }, [](never& n, stop s) { return n.full.push(2, s); },
     [](never& n, ns d) { return n.full.push_for(2, d); },
     [](never& n, stop s, ns d) { return n.full.push_for(2, s, d); },
     [](never& n, time_point t) { return n.full.push_until(2, t); },
     [](never& n, stop s, system_point t) { return n.full.push_until(2, s, t); }},
    {"queue_join", [](never& n) { return n.full.join(); }, [](never& n, stop s) { return n.full.join(s); },
     [](never& n, ns d) { return n.full.join_for(d); }, [](never& n, stop s, ns d) { return n.full.join_for(s, d); },
     [](never& n, time_point t) { return n.full.join_until(t); },
     [](never& n, stop s, system_point t) { return n.full.join_until(s, t); }},
    {"timer_join", [](never& n) { return n.timer.join(); }, [](never& n, stop s) { return n.timer.join(s); },
     [](never& n, ns d) { return n.timer.join_for(d); }, [](never& n, stop s, ns d) { return n.timer.join_for(s, d); },
     [](never& n, time_point t) { return n.timer.join_until(t); },
     [](never& n, stop s, system_point t) { return n.timer.join_until(s, t); }},
    {"wait_readable", [](never& n) { return curfew::wait_readable(n.pipe[0]); },
     [](never& n, stop s) { return curfew::wait_readable(n.pipe[0], s); },
     [](never& n, ns d) { return curfew::wait_readable_for(n.pipe[0], d); },
     [](never& n, stop s, ns d) { return curfew::wait_readable_for(n.pipe[0], s, d); },
     [](never& n, time_point t) { return curfew::wait_readable_until(n.pipe[0], t); },
     [](never& n, stop s, system_point t) { return curfew::wait_readable_until(n.pipe[0], s, t); }},
    {"line_reader", [](never& n) { return curfew::line_reader(n.pipe[0]).read_line().has_value(); },
     [](never& n, stop s) { return curfew::line_reader(n.pipe[0]).read_line(s).has_value(); },
     [](never& n, ns d) { return curfew::line_reader(n.pipe[0]).read_line_for(d).has_value(); },
     [](never& n, stop s, ns d) { return curfew::line_reader(n.pipe[0]).read_line_for(s, d).has_value(); },
     [](never& n, time_point t) { return curfew::line_reader(n.pipe[0]).read_line_until(t).has_value(); },
     [](never& n, stop s, system_point t) { return curfew::line_reader(n.pipe[0]).read_line_until(s, t).has_value(); }},
    {"read_line",
     [](never& n) { return curfew::read_line(n.pipe[0]).has_value(); },
     [](never& n, stop s) { return curfew::read_line(n.pipe[0], s).has_value(); },
     {},
     {},
     {},
     {}},
};

class SyncStop : public testing::TestWithParam<wait> {
 protected:
  const wait& w = GetParam();
  never n;
  bool result = true;

  /// Asks the thread once it waits, and expects the wait to end.
  void ask(curfew::jthread& t, std::stop_source source) {
    ASSERT_TRUE(eventually([&] { return t.info().state == curfew::thread_state::waiting; }));
    std::this_thread::sleep_for(1ms);
    source.request_stop();
    ASSERT_TRUE(t.join_for(patient(20s)));
    EXPECT_FALSE(result);
  }
};
/// Those that can be given a limit.
class SyncLimit : public SyncStop {};

std::vector<wait> waits_with_limit() {
  std::vector<wait> some;
  std::ranges::copy_if(waits, std::back_inserter(some), [](const wait& w) { return w.limit != nullptr; });
  return some;
}
const auto name_of = [](const auto& p) { return std::string(p.param.name); };
INSTANTIATE_TEST_SUITE_P(all, SyncStop, testing::ValuesIn(waits), name_of);
INSTANTIATE_TEST_SUITE_P(all, SyncLimit, testing::ValuesIn(waits_with_limit()), name_of);

TEST_P(SyncStop, of_its_thread_ends_the_wait) {
  curfew::jthread t([&] { result = w.plain(n); });
  ask(t, t.get_stop_source());
}

TEST_P(SyncLimit, of_its_thread_ends_a_wait_with_a_limit) {
  curfew::jthread t([&] { result = w.limit(n, 1h); });
  ask(t, t.get_stop_source());
}

TEST_P(SyncStop, of_a_given_token_ends_the_wait) {
  std::stop_source source;
  curfew::jthread t([&] { result = w.token(n, source.get_token()); });
  ask(t, source);
}

TEST_P(SyncLimit, of_a_given_token_ends_a_wait_with_a_limit) {
  std::stop_source source;
  curfew::jthread t([&] { result = w.token_limit(n, source.get_token(), std::chrono::nanoseconds::max()); });
  ask(t, source);
}

TEST_P(SyncStop, of_a_given_token_ends_the_wait_of_a_foreign_thread) {
  std::stop_source source;
  std::thread t([&] { result = w.token(n, source.get_token()); });
  std::this_thread::sleep_for(1ms);
  source.request_stop();
  t.join();
  EXPECT_FALSE(result);
}

TEST_P(SyncStop, requested_before_ends_it_at_once) {
  std::stop_source source;
  source.request_stop();
  EXPECT_FALSE(w.token(n, source.get_token()));
}

TEST_P(SyncLimit, a_given_token_stands_for_the_threads_own) {
  std::stop_source other;
  std::chrono::milliseconds took{0};
  curfew::jthread t([&](std::stop_token own) {
    ASSERT_TRUE(eventually([&] { return own.stop_requested(); }));
    const stopwatch watch;
    result = w.token_limit(n, other.get_token(), 20ms);
    took = watch.elapsed();
  });
  t.request_stop();
  t.join();
  EXPECT_FALSE(result);
  EXPECT_GE(took, 20ms);
}

TEST_P(SyncLimit, limits_are_kept) {
  const stopwatch watch;
  EXPECT_FALSE(w.limit(n, 10ms));
  EXPECT_GE(watch.elapsed(), 10ms);
  n.barrier.reset();
  EXPECT_FALSE(w.until(n, std::chrono::steady_clock::now() + 10ms));
  EXPECT_GE(watch.elapsed(), 20ms);
  n.barrier.reset();
  EXPECT_FALSE(w.token_until(n, std::stop_token(), std::chrono::system_clock::now() + 10ms));
  EXPECT_GE(watch.elapsed(), 29ms) << "two clocks";
  EXPECT_LT(watch.elapsed(), patient(20s));
}

TEST_P(SyncLimit, negative_and_zero_limits_poll_once) {
  const stopwatch watch;
  for (const auto limit : {0ns, -1ns, std::chrono::nanoseconds::min()}) {
    EXPECT_FALSE(w.limit(n, limit));
    n.barrier.reset();
  }
  EXPECT_FALSE(w.until(n, time_point::min()));
  n.barrier.reset();
  EXPECT_FALSE(w.token_until(n, std::stop_token(), system_point::min()));
  EXPECT_LT(watch.elapsed(), patient(10s));
}

TEST_P(SyncLimit, limits_too_large_to_count_are_for_ever) {
  std::stop_source source;
  curfew::jthread t([&] { result = w.token_until(n, source.get_token(), system_point::max()); });
  ask(t, source);
  n.barrier.reset();
  result = true;
  curfew::jthread u([&] { result = w.until(n, time_point::max()); });
  ask(u, u.get_stop_source());
}

TEST(SyncReady, wins_over_a_stop_request_made_before) {
  std::stop_source source;
  source.request_stop();
  const auto asked = source.get_token();
  curfew::event e;
  e.set();
  EXPECT_TRUE(e.wait(asked));
  curfew::bounded_semaphore s(1);
  EXPECT_TRUE(s.acquire(asked));
  curfew::barrier b(1);
  EXPECT_EQ(b.wait(asked), 0);
  curfew::blocking_queue<int> q(1);
  EXPECT_TRUE(q.push(7, asked));
  EXPECT_EQ(q.pop(asked), 7);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "x\n", 2), 2);
  EXPECT_TRUE(curfew::wait_readable(ends[0], asked));
  EXPECT_EQ(curfew::read_line(ends[0], asked), "x");
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace

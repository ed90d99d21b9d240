// SPDX-License-Identifier: Apache-2.0
// BarrierTests of CPython's lock_tests.py.
#include <curfew/sync.hpp>

#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <set>
#include <system_error>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using curfew::barrier;
using curfew::broken_barrier;
using curfew_test::eventually;
using curfew_test::patient;

constexpr int parties = 5;

template <class F>
void run_threads(int n, F f) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < n; ++i) threads.emplace_back([f, i] { f(i); });
}

/// A limit that stands for "does not hang".
const std::chrono::nanoseconds default_timeout = patient(20s);

TEST(BarrierTests, test_constructor) {
  for (const std::ptrdiff_t wrong : {std::ptrdiff_t{0}, std::ptrdiff_t{-1}, std::numeric_limits<std::ptrdiff_t>::min()})
    EXPECT_THROW(barrier b(wrong), std::system_error);
  barrier b(parties);
  EXPECT_EQ(b.parties(), parties);
  EXPECT_EQ(b.n_waiting(), 0);
  EXPECT_FALSE(b.broken());
}

void many_passes(int passes) {
  barrier b(parties, {}, default_timeout);
  std::atomic<int> before{0};
  std::atomic<int> after{0};
  std::atomic<int> wrong{0};
  run_threads(parties, [&](int) {
    for (int i = 0; i < passes; ++i) {
      ++before;
      b.wait();
      wrong += before != (i + 1) * parties;
      ++after;
      b.wait();
      wrong += after != (i + 1) * parties;
    }
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(before, passes * parties);
}

TEST(BarrierTests, test_barrier) { many_passes(1); }
TEST(BarrierTests, test_barrier_10) { many_passes(10); }

TEST(BarrierTests, test_wait_return) {
  barrier b(parties, {}, default_timeout);
  std::vector<std::ptrdiff_t> got(parties);
  run_threads(parties, [&](int i) { got[static_cast<std::size_t>(i)] = b.wait(); });
  EXPECT_EQ(std::set<std::ptrdiff_t>(got.begin(), got.end()), (std::set<std::ptrdiff_t>{0, 1, 2, 3, 4}));
  EXPECT_FALSE(b.broken());
}

TEST(BarrierTests, test_action) {
  std::atomic<int> called{0};
  std::atomic<int> wrong{0};
  barrier b(
      parties, [&] { ++called; }, default_timeout);
  run_threads(parties, [&](int) {
    b.wait();
    wrong += called != 1;
  });
  EXPECT_EQ(called, 1);
  EXPECT_EQ(wrong, 0);
}

TEST(BarrierTests, test_abort) {
  barrier b(parties, {}, default_timeout);
  std::atomic<int> passed{0};
  std::atomic<int> broken{0};
  run_threads(parties, [&](int) {
    try {
      const auto i = b.wait();
      if (i == parties / 2) throw std::runtime_error("one fails");
      b.wait();
      ++passed;
    } catch (const broken_barrier& e) {
      EXPECT_EQ(e.why(), broken_barrier::reason::aborted);
      ++broken;
    } catch (const std::runtime_error&) {
      b.abort();
    }
  });
  EXPECT_EQ(passed, 0);
  EXPECT_EQ(broken, parties - 1);
  EXPECT_TRUE(b.broken());
}

TEST(BarrierTests, test_reset) {
  barrier b(parties, {}, default_timeout);
  std::atomic<int> first{0};
  std::atomic<int> reset{0};
  std::atomic<int> second{0};
  run_threads(parties, [&](int) {
    const auto i = b.wait();
    if (i == parties / 2) {
      ASSERT_TRUE(eventually([&] { return b.n_waiting() == parties - 1; }));
      b.reset();
    } else {
      try {
        b.wait();
        ++first;
      } catch (const broken_barrier& e) {
        EXPECT_EQ(e.why(), broken_barrier::reason::reset);
        ++reset;
      }
    }
    b.wait();
    ++second;
  });
  EXPECT_EQ(first, 0);
  EXPECT_EQ(reset, parties - 1);
  EXPECT_EQ(second, parties);
}

TEST(BarrierTests, test_abort_and_reset) {
  barrier b(parties, {}, default_timeout);
  barrier other(parties, {}, default_timeout);
  std::atomic<int> first{0};
  std::atomic<int> aborted{0};
  std::atomic<int> second{0};
  run_threads(parties, [&](int) {
    try {
      const auto i = b.wait();
      if (i == parties / 2) {
        b.abort();
      } else {
        b.wait();
        ++first;
      }
    } catch (const broken_barrier&) {
      ++aborted;
    }
    // Everybody has left b: now it can be made whole.
    if (other.wait() == parties / 2) b.reset();
    other.wait();
    b.wait();
    ++second;
  });
  EXPECT_EQ(first, 0);
  EXPECT_EQ(aborted, parties - 1);
  EXPECT_EQ(second, parties);
}

TEST(BarrierTests, test_timeout) {
  barrier b(parties, {}, default_timeout);
  std::atomic<int> timed_out{0};
  run_threads(parties, [&](int) {
    if (b.wait() == parties / 2) {
      // Late: the others wait for it without success.
      ASSERT_TRUE(eventually([&] { return b.broken(); }));
      EXPECT_THROW(b.wait(), broken_barrier);
    } else {
      try {
        b.wait_for(50ms);
        ADD_FAILURE() << "passed";
      } catch (const broken_barrier& e) {
        timed_out += e.why() == broken_barrier::reason::timed_out;
      }
    }
  });
  EXPECT_EQ(timed_out, parties - 1);
}

TEST(BarrierTests, test_default_timeout) {
  barrier b(parties, {}, std::chrono::milliseconds(50));
  std::atomic<int> broken{0};
  const curfew_test::stopwatch watch;
  run_threads(parties - 1, [&](int) {
    try {
      b.wait();
    } catch (const broken_barrier& e) {
      broken += e.why() == broken_barrier::reason::timed_out;
    }
  });
  EXPECT_GE(watch.elapsed(), 50ms);
  EXPECT_EQ(broken, parties - 1);
  EXPECT_THROW(barrier(2, {}, std::chrono::milliseconds(-1)), std::system_error);
}

TEST(BarrierTests, test_single_thread) {
  barrier b(1);
  EXPECT_EQ(b.wait(), 0);
  EXPECT_EQ(b.wait(), 0);
  EXPECT_EQ(b.wait_for(0s), 0);
  EXPECT_FALSE(b.broken());
}

}  // namespace

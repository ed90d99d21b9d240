// SPDX-License-Identifier: Apache-2.0
// SemaphoreTests and BoundedSemaphoreTests of CPython's lock_tests.py: most rows are one test for both.
#include <curfew/sync.hpp>

#include <support/error_of.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using curfew::bounded_semaphore;
using curfew_test::error_of;
using curfew_test::eventually;
using curfew_test::stopwatch;

/// Python's Semaphore: a bounded one whose bound is out of reach.
struct unbounded : bounded_semaphore {
  explicit unbounded(std::ptrdiff_t initial = 1) : bounded_semaphore(initial, max()) {}
};

template <class Semaphore>
void constructor() {
  EXPECT_EQ(error_of([] { Semaphore s(-1); }), std::errc::invalid_argument);
  EXPECT_EQ(error_of([] { Semaphore s(std::numeric_limits<std::ptrdiff_t>::min()); }), std::errc::invalid_argument);
  EXPECT_EQ(error_of([] { Semaphore s(std::numeric_limits<std::ptrdiff_t>::max()); }), std::errc::invalid_argument);
  Semaphore none(0);
  EXPECT_FALSE(none.try_acquire());
}

template <class Semaphore>
void acquire() {
  Semaphore s(1);
  EXPECT_TRUE(s.acquire());
  s.release();
  Semaphore two(2);
  EXPECT_TRUE(two.acquire());
  EXPECT_TRUE(two.acquire());
  two.release();
  two.release();
}

template <class Semaphore>
void acquire_destroy() {
  Semaphore s;
  EXPECT_TRUE(s.acquire());
}

template <class Semaphore>
void acquire_contended() {
  Semaphore s(7);
  EXPECT_TRUE(s.acquire());
  std::mutex mutex;
  std::vector<int> phases;
  std::atomic<int> phase{0};
  const auto take = [&] {
    EXPECT_TRUE(s.acquire());
    const std::lock_guard hold(mutex);
    phases.push_back(phase);
  };
  const auto taken = [&](std::size_t n) {
    return eventually([&] {
      const std::lock_guard hold(mutex);
      return phases.size() == n;
    });
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 10; ++i)
    threads.emplace_back([&] {
      take();
      take();
    });
  EXPECT_TRUE(taken(6));
  phase = 1;
  for (int i = 0; i < 7; ++i) s.release();
  EXPECT_TRUE(taken(13));
  phase = 2;
  for (int i = 0; i < 6; ++i) s.release();
  EXPECT_TRUE(taken(19));
  EXPECT_FALSE(s.try_acquire()) << "still used up";
  s.release();
  threads.clear();
  EXPECT_EQ(std::ranges::count(phases, 0), 6);
  EXPECT_EQ(std::ranges::count(phases, 1), 7);
  EXPECT_EQ(std::ranges::count(phases, 2), 7);
}

template <class Semaphore>
void multirelease() {
  Semaphore s(7);
  for (int i = 0; i < 7; ++i) EXPECT_TRUE(s.acquire());
  std::atomic<int> got{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 10; ++i) threads.emplace_back([&] { got += s.acquire(); });
  std::this_thread::sleep_for(2ms);
  EXPECT_EQ(got, 0);
  s.release(7);
  EXPECT_TRUE(eventually([&] { return got == 7; }));
  s.release(3);
  threads.clear();
  EXPECT_EQ(got, 10);
  EXPECT_EQ(s.value(), 0);
  EXPECT_EQ(error_of([&] { s.release(0); }), std::errc::invalid_argument);
  EXPECT_EQ(error_of([&] { s.release(-1); }), std::errc::invalid_argument);
  EXPECT_EQ(s.value(), 0);
}

template <class Semaphore>
void try_acquire() {
  Semaphore s(2);
  EXPECT_TRUE(s.try_acquire());
  EXPECT_TRUE(s.try_acquire());
  EXPECT_FALSE(s.try_acquire());
  s.release();
  EXPECT_TRUE(s.try_acquire());
}

template <class Semaphore>
void try_acquire_contended() {
  Semaphore s(4);
  EXPECT_TRUE(s.acquire());
  std::atomic<int> got{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 10; ++i)
      threads.emplace_back([&] {
        got += s.try_acquire();
        got += s.try_acquire();
      });
  }
  EXPECT_EQ(got, 3);
}

template <class Semaphore>
void acquire_timeout() {
  Semaphore s(2);
  EXPECT_TRUE(s.acquire());
  EXPECT_TRUE(s.try_acquire_for(5ms));
  const stopwatch watch;
  EXPECT_FALSE(s.try_acquire_for(50ms));
  EXPECT_GE(watch.elapsed(), 50ms);
  EXPECT_FALSE(s.try_acquire_for(-1s));
  s.release();
  EXPECT_TRUE(s.try_acquire_for(5ms));
}

template <class Semaphore>
void default_value() {
  Semaphore s;
  EXPECT_TRUE(s.acquire());
  bool got = false;
  {
    std::jthread waiter([&] {
      got = s.acquire();
      s.release();
    });
    std::this_thread::sleep_for(2ms);
    EXPECT_EQ(s.value(), 0);
    s.release();
  }
  EXPECT_TRUE(got);
}

template <class Semaphore>
void with() {
  Semaphore s(2);
  const auto throws = [&] {
    const curfew::permit one(s);
    EXPECT_TRUE(one);
    {
      const curfew::permit two(s);
      EXPECT_TRUE(two);
      EXPECT_FALSE(s.try_acquire());
    }
    EXPECT_EQ(s.value(), 1);
    throw std::runtime_error("out of the block");
  };
  EXPECT_THROW(throws(), std::runtime_error);
  EXPECT_EQ(s.value(), 2);
}

#define ROW(row)                                         \
  TEST(SemaphoreTests, test_##row) { row<unbounded>(); } \
  TEST(BoundedSemaphoreTests, test_##row) { row<bounded_semaphore>(); }

ROW(constructor)
ROW(acquire)
ROW(acquire_destroy)
ROW(acquire_contended)
ROW(multirelease)
ROW(try_acquire)
ROW(try_acquire_contended)
ROW(acquire_timeout)
ROW(default_value)
ROW(with)

TEST(SemaphoreTests, test_release_unacquired) {
  unbounded s(1);
  s.release();
  EXPECT_TRUE(s.acquire());
  EXPECT_TRUE(s.acquire());
}

TEST(BoundedSemaphoreTests, test_release_unacquired) {
  bounded_semaphore s(2);
  EXPECT_EQ(error_of([&] { s.release(); }), std::errc::operation_not_permitted);
  EXPECT_TRUE(s.acquire());
  s.release();
  EXPECT_EQ(error_of([&] { s.release(); }), std::errc::operation_not_permitted);
  EXPECT_EQ(s.value(), 2);
}

TEST(ThreadTests, test_BoundedSemaphore_limit) {
  for (int limit = 1; limit < 10; ++limit) {
    bounded_semaphore s(limit);
    std::vector<std::jthread> threads;
    for (int i = 0; i < limit; ++i) threads.emplace_back([&] { EXPECT_TRUE(s.acquire()); });
    threads.clear();
    for (int i = 0; i < limit; ++i) threads.emplace_back([&] { s.release(); });
    threads.clear();
    EXPECT_THROW(s.release(), std::system_error);
  }
}

TEST(ThreadingExceptionTests, test_releasing_unacquired_lock) {
  // std::mutex leaves it undefined; a semaphore with one permit is Python's Lock, which any thread may release.
  bounded_semaphore lock;
  EXPECT_EQ(error_of([&] { lock.release(); }), std::errc::operation_not_permitted);
}

}  // namespace

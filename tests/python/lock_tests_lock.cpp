// SPDX-License-Identifier: Apache-2.0
// LockTests, RLockTests and ConditionAsRLockTests of CPython's lock_tests.py, with what docs/python.md maps the locks
// to. Where the standard leaves undefined what Python refuses, it is curfew's type, or the standard's handle, that
// refuses.
#include <curfew/registry.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <python/lock_kinds.hpp>
#include <support/child.hpp>
#include <support/error_of.hpp>
#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <type_traits>
#include <vector>

#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using curfew_test::error_of;
using curfew_test::eventually;
using curfew_test::stopwatch;
using python_rows::another_can_lock;
using python_rows::condition_lock;
using python_rows::on_another;
using python_rows::semaphore_lock;

constexpr int count = 5;

template <class Lock>
void constructor() {
  const auto lock = std::make_unique<Lock>();
  EXPECT_TRUE(another_can_lock(*lock));
}

template <class Lock>
void acquire_destroy() {
  if constexpr (std::is_same_v<Lock, semaphore_lock>) {
    Lock lock;
    lock.lock();
  } else {
    // Undefined for the standard's; but a handle lets go before its mutex is destroyed.
    struct watched : Lock {
      bool& free;
      explicit watched(bool& f) : free(f) {}
      ~watched() { free = another_can_lock(static_cast<Lock&>(*this)); }
    };
    bool free = false;
    {
      watched lock(free);
      const std::unique_lock<Lock> hold(lock);
    }
    EXPECT_TRUE(free);
  }
}

template <class Lock>
void acquire_release() {
  Lock lock;
  lock.lock();
  EXPECT_FALSE(another_can_lock(lock));
  lock.unlock();
  EXPECT_TRUE(another_can_lock(lock));
}

template <class Lock>
void try_acquire() {
  Lock lock;
  EXPECT_TRUE(lock.try_lock());
  lock.unlock();
}

template <class Lock>
void try_acquire_contended() {
  Lock lock;
  lock.lock();
  EXPECT_FALSE(another_can_lock(lock));
  lock.unlock();
}

template <class Lock>
void acquire_contended() {
  Lock lock;
  lock.lock();
  std::atomic<int> started{0};
  std::atomic<int> finished{0};
  std::vector<curfew::jthread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back([&] {
      ++started;
      lock.lock();
      ++finished;
      lock.unlock();
    });
  EXPECT_TRUE(eventually([&] { return started == count; }));
  std::this_thread::sleep_for(5ms);
  EXPECT_EQ(finished, 0);
  lock.unlock();
  EXPECT_TRUE(eventually([&] { return finished == count; }));
}

template <class Lock>
void with() {
  Lock lock;
  const auto block = [&](bool fails) {
    const std::lock_guard hold(lock);
    EXPECT_FALSE(another_can_lock(lock));
    if (fails) throw std::runtime_error("out of the block");
  };
  block(false);
  EXPECT_TRUE(another_can_lock(lock));
  EXPECT_THROW(block(true), std::runtime_error);
  EXPECT_TRUE(another_can_lock(lock));
}

template <class Lock>
void thread_leak() {
  // Foreign threads that use a lock leave nothing in the registry.
  Lock lock;
  const auto threads_before = curfew::enumerate().size();
  const auto counts_before = curfew::counts();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 15; ++i)
      threads.emplace_back([&] {
        lock.lock();
        lock.unlock();
      });
  }
  EXPECT_EQ(curfew::enumerate().size(), threads_before);
  EXPECT_EQ(curfew::counts().live, counts_before.live);
}

template <class Lock>
void timeout() {
  if (curfew_test::thread_sanitizer && !std::is_same_v<Lock, semaphore_lock>) return;  // it does not know timed locks
  Lock lock;
  EXPECT_TRUE(lock.try_lock_for(-100s)) << "polls, where Python refuses";
  lock.unlock();
  if constexpr (std::is_same_v<Lock, semaphore_lock>) {
    EXPECT_TRUE(lock.try_lock_for(std::chrono::duration<double>(1e100))) << "for ever, where Python refuses";
    lock.unlock();
  }
  const stopwatch at_once;
  EXPECT_TRUE(lock.try_lock_for(curfew_test::patient(20s)));
  EXPECT_LT(at_once.elapsed(), curfew_test::patient(20s));
  bool got = true;
  std::chrono::milliseconds took{0};
  on_another([&] {
    const stopwatch watch;
    got = lock.try_lock_for(50ms);
    took = watch.elapsed();
  });
  EXPECT_FALSE(got);
  EXPECT_GE(took, 50ms);
  lock.unlock();
}

#define ROW(row)                                                      \
  TEST(LockTests, test_##row) {                                       \
    row<std::timed_mutex>();                                          \
    row<semaphore_lock>();                                            \
  }                                                                   \
  TEST(RLockTests, test_##row) { row<std::recursive_timed_mutex>(); } \
  TEST(ConditionAsRLockTests, test_##row) { row<condition_lock>(); }

ROW(constructor)
ROW(acquire_destroy)
ROW(acquire_release)
ROW(try_acquire)
ROW(try_acquire_contended)
ROW(acquire_contended)
ROW(with)
ROW(thread_leak)
ROW(timeout)

TEST(LockTests, test_locked_repr) {
  // No words, but a number: the permits that are there.
  semaphore_lock lock;
  EXPECT_EQ(lock.value(), 1);
  lock.lock();
  EXPECT_EQ(lock.value(), 0);
  lock.unlock();
  EXPECT_EQ(lock.value(), 1);
}

TEST(LockTests, test_reacquire) {
  // It must be released before its holder can take it again. (std::timed_mutex: undefined.)
  semaphore_lock lock;
  std::atomic<int> phase{0};
  curfew::jthread holder([&] {
    lock.lock();
    phase = 1;
    lock.lock();
    phase = 2;
  });
  EXPECT_TRUE(eventually([&] { return phase == 1; }));
  EXPECT_TRUE(eventually([&] { return holder.info().state == curfew::thread_state::waiting; }));
  EXPECT_EQ(phase, 1);
  lock.unlock();
  EXPECT_TRUE(eventually([&] { return phase == 2; }));
}

TEST(LockTests, test_different_thread) {
  semaphore_lock lock;
  lock.lock();
  on_another([&] { lock.unlock(); });
  EXPECT_TRUE(lock.try_lock());
  lock.unlock();
}

TEST(LockTests, test_state_after_timeout) {
  semaphore_lock lock;
  lock.lock();
  EXPECT_FALSE(lock.try_lock_for(10ms));
  lock.unlock();
  EXPECT_EQ(lock.value(), 1);
  EXPECT_TRUE(lock.try_lock());
}

TEST(LockTests, test_at_fork_reinit) {
  // The child's copy of a lock that another thread holds can be released there: nobody in the child would.
  semaphore_lock lock;
  curfew_test::gate held;
  curfew_test::gate done;
  curfew::jthread holder([&] {
    lock.lock();
    held.open();
    done.wait();
    lock.unlock();
  });
  held.wait();
  curfew::jthread waiter([&] {
    lock.lock();
    lock.unlock();
  });
  EXPECT_TRUE(eventually([&] { return waiter.info().state == curfew::thread_state::waiting; }));
  const pid_t child = ::fork();
  if (child == 0) {
    bool right = !lock.try_lock();
    lock.unlock();
    right = lock.try_lock_for(10s) && right;
    lock.unlock();
    ::_exit(right && lock.value() == 1 ? 0 : 1);
  }
  EXPECT_EQ(curfew_test::status_of_child(child), 0);
  EXPECT_EQ(lock.value(), 0) << "the parent's is as it was";
  done.open();
  waiter.join();
  holder.join();
  EXPECT_EQ(lock.value(), 1);
}

TEST(LockTests, a_stop_ends_the_wait) {
  curfew::bounded_semaphore lock;
  const curfew::permit hold(lock);
  bool got = true;
  curfew::jthread waiter([&] { got = lock.acquire(); });
  EXPECT_TRUE(eventually([&] { return waiter.info().state == curfew::thread_state::waiting; }));
  waiter.request_stop();
  waiter.join();
  EXPECT_FALSE(got);
  EXPECT_EQ(lock.value(), 0);
}

template <class Lock>
void r_reacquire() {
  Lock lock;
  lock.lock();
  lock.lock();
  lock.unlock();
  lock.lock();
  lock.unlock();
  EXPECT_FALSE(another_can_lock(lock));
  lock.unlock();
  EXPECT_TRUE(another_can_lock(lock));
}

template <class Lock>
void release_unacquired() {
  // The mutex itself does not say (undefined); its handle does.
  Lock lock;
  std::unique_lock hold(lock, std::defer_lock);
  EXPECT_EQ(error_of([&] { hold.unlock(); }), std::errc::operation_not_permitted);
  r_reacquire<Lock>();
  hold.lock();
  hold.unlock();
  EXPECT_EQ(error_of([&] { hold.unlock(); }), std::errc::operation_not_permitted);
}

template <class Lock>
void release_save_unacquired() {
  // What a wait for a condition does with the lock.
  Lock lock;
  curfew::condition c;
  std::unique_lock hold(lock, std::defer_lock);
  EXPECT_EQ(error_of([&] { (void)c.wait_for(hold, 1ms); }), std::errc::operation_not_permitted);
  hold.lock();
  EXPECT_FALSE(c.wait_for(hold, 1ms));
  EXPECT_TRUE(hold.owns_lock());
  hold.unlock();
  EXPECT_EQ(error_of([&] { (void)c.wait_for(hold, 1ms); }), std::errc::operation_not_permitted);
}

template <class Lock>
void recursion_count() {
  // Not to be asked for, but there: as many releases as acquisitions.
  Lock lock;
  for (int n = 1; n <= 3; ++n) {
    for (int i = 0; i < n; ++i) lock.lock();
    for (int i = 0; i < n; ++i) {
      EXPECT_FALSE(another_can_lock(lock)) << n - i << " left";
      lock.unlock();
    }
    EXPECT_TRUE(another_can_lock(lock));
  }
}

template <class Lock>
void r_different_thread() {
  // A thread that does not hold it has no handle that would release it.
  Lock lock;
  const std::unique_lock hold(lock);
  std::errc error{};
  on_another([&] {
    std::unique_lock other(lock, std::try_to_lock);
    error = error_of([&] { other.unlock(); });
  });
  EXPECT_EQ(error, std::errc::operation_not_permitted);
  EXPECT_FALSE(another_can_lock(lock));
}

template <class Lock>
void is_owned() {
  Lock lock;
  std::unique_lock once(lock, std::defer_lock);
  EXPECT_FALSE(once.owns_lock());
  once.lock();
  EXPECT_TRUE(once.owns_lock());
  {
    const std::unique_lock again(lock);
    EXPECT_TRUE(again.owns_lock());
    bool owned = true;
    on_another([&] { owned = std::unique_lock(lock, std::try_to_lock).owns_lock(); });
    EXPECT_FALSE(owned);
  }
  EXPECT_TRUE(once.owns_lock());
  once.unlock();
  EXPECT_FALSE(once.owns_lock());
}

#define R_ROW(name, row)                                               \
  TEST(RLockTests, test_##name) { row<std::recursive_timed_mutex>(); } \
  TEST(ConditionAsRLockTests, test_##name) { row<condition_lock>(); }

R_ROW(release_unacquired, release_unacquired)
R_ROW(release_save_unacquired, release_save_unacquired)
R_ROW(recursion_count, recursion_count)
R_ROW(different_thread, r_different_thread)
R_ROW(_is_owned, is_owned)

TEST(RLockTests, test_reacquire) { r_reacquire<std::recursive_timed_mutex>(); }

TEST(ConditionAsRLockTests, test_reacquire) {
  r_reacquire<condition_lock>();
  // A wait gives the lock up once, as the standard's does: held twice, it is kept. Python's gives it up wholly.
  condition_lock lock;
  std::unique_lock once(lock);
  bool released = false;
  curfew::jthread other([&] {
    const std::lock_guard hold(lock);
    released = true;
    lock.changed.notify_all();
  });
  EXPECT_TRUE(lock.changed.wait_for(once, curfew_test::patient(20s), [&] { return released; }));
  other.join();
  const std::unique_lock twice(lock);
  bool free = true;
  other = curfew::jthread([&] {
    EXPECT_TRUE(eventually([] { return curfew::main_thread().state == curfew::thread_state::waiting; }));
    free = another_can_lock(lock);
    lock.changed.notify_all();
  });
  EXPECT_TRUE(lock.changed.wait_for(once, curfew_test::patient(20s)));
  EXPECT_FALSE(free);
}

}  // namespace

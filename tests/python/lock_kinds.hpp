// SPDX-License-Identifier: Apache-2.0
// The kinds of lock that Python's lock tests are run with.
#pragma once

#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>

#include <mutex>

namespace python_rows {

/// Python's Lock that any thread may release, and whose waits a stop request ends.
struct semaphore_lock : curfew::bounded_semaphore {
  void lock() { EXPECT_TRUE(acquire()); }
  bool try_lock() { return try_acquire(); }
  template <class Limit>
  bool try_lock_for(Limit limit) {
    return try_acquire_for(limit);
  }
  void unlock() { release(); }
};

/// Python's Condition() has an RLock of its own.
struct condition_lock : std::recursive_timed_mutex {
  curfew::condition changed;
};

/// On a curfew thread, to its end.
template <class F>
void on_another(F f) {
  curfew::jthread other(f);
  other.join();
}

template <class Lock>
bool another_can_lock(Lock& lock) {
  bool got = false;
  on_another([&] {
    got = lock.try_lock();
    if (got) lock.unlock();
  });
  return got;
}

}  // namespace python_rows

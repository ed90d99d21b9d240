// SPDX-License-Identifier: Apache-2.0
// A library between the program and the C library, such as one that looks for contention, sees each lock and each
// unlock of a program whose locks are tracked.
//! seconds: 0..60
//! out: all of them
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstdio>
#include <mutex>

extern "C" int locks_seen();
extern "C" int unlocks_seen();

int main() {
  static std::mutex mutex;
  const auto lock_often = [] {
    for (int i = 0; i < 1000; ++i) {
      const std::lock_guard lock(mutex);
    }
  };
  const int locks = locks_seen(), unlocks = unlocks_seen();
  lock_often();
  if (locks_seen() - locks != 1000 || unlocks_seen() - unlocks != 1000) return 1;
  if (!mutex.try_lock() || mutex.try_lock()) return 3;
  mutex.unlock();
  if (locks_seen() - locks != 1002) return 4;
  curfew::thread(lock_often).join();
  if (locks_seen() - locks < 2000 || unlocks_seen() - unlocks < 2000) return 2;
  std::puts("all of them");
}

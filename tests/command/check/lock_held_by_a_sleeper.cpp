// SPDX-License-Identifier: Apache-2.0
//! warning lock-held-at-exit table_lock
//! warning thread-running-at-exit
// A thread sleeps for a long time with a mutex in its hand.
#include <unistd.h>

#include <mutex>
#include <thread>

static std::mutex table_lock;

int main() {
  std::thread([] {
    const std::lock_guard hold(table_lock);
    ::sleep(100);
  }).detach();
  ::usleep(20000);
}

// SPDX-License-Identifier: Apache-2.0
// Threads that a static destructor joins go on until it does: what they have left to write is written. A detached one
// beside them is frozen, also while it takes and gives back the lock that they need.
//! under: run
//! out: 500 written
#include "witness.hpp"

#include <mutex>

static std::mutex mutex;
static int written = 0;

struct worker {
  std::atomic<bool> stop{false};
  std::thread thread{[this] {
    while (!stop.load()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for (int i = 0; i < 500; ++i) {
      const std::lock_guard lock(mutex);
      ++written;
    }
  }};
  ~worker() {
    stop.store(true);
    thread.join();
    std::printf("%d written\n", written);
  }
};
static worker pool;

int main() {
  std::thread([] {
    for (;;) {
      const std::lock_guard lock(mutex);
      witness::uses.fetch_add(1);
    }
  }).detach();
  witness::wait_for_use();
}

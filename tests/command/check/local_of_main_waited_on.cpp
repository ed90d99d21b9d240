// SPDX-License-Identifier: Apache-2.0
//! error local-of-main-used
// A thread of a pool that is a local variable of main, detached by its destructor: it wakes up every few milliseconds
// to look whether there is work.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

static std::atomic<bool> waits{false};

struct pool {
  std::mutex lock;
  std::condition_variable some;
  std::thread worker{[this] {
    std::unique_lock hold(lock);
    for (;;) {
      waits = true;
      some.wait_for(hold, std::chrono::milliseconds(5));
    }
  }};
  ~pool() { worker.detach(); }
};

int main() {
  pool only;
  while (!waits) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

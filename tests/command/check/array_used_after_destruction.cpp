// SPDX-License-Identifier: Apache-2.0
//! error static-used-after-destruction names
// An array of objects, for which the compiler registers a function of its own, beside a counter and a lock that the
// elements' destructors use and that another thread may go on using.
#include <chrono>
#include <mutex>
#include <string>
#include <thread>

static std::mutex lock;
static long alive = 0;

struct named {
  std::string name = std::string(50, 'x');
  named() { ++alive; }
  ~named() {
    const std::scoped_lock hold(lock);
    --alive;
  }
};
static named names[5];

int main() {
  std::thread([] {
    volatile int sum = 0;
    for (unsigned i = 0;; ++i) {
      {
        const std::scoped_lock hold(lock);
        ++alive;
      }
      sum = sum + names[i % 5].name[2];
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

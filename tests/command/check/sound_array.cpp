// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
// An array is destroyed; another thread uses only the counter and the lock that its elements' destructors use.
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
static named names[1000];

int main() {
  std::thread([] {
    for (;;) {
      {
        const std::scoped_lock hold(lock);
        ++alive;
      }
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return names[7].name.size() == 50 ? 0 : 1;
}

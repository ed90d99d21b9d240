// SPDX-License-Identifier: Apache-2.0
//! linger 2s
//! patience 10s
//! warning static-used-after-destruction service
// An object has its state in another variable, which its destructor changes under a thread that reads it for ever.
#include <atomic>
#include <chrono>
#include <thread>

static std::atomic<int> alive{1};
static std::atomic<bool> reads{false};

struct empty {
  ~empty() { alive = 0; }
};
static empty service;

int main() {
  std::thread([] {
    volatile int sum = alive;
    reads = true;
    for (;;) sum = sum + alive;
  }).detach();
  while (!reads) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

// SPDX-License-Identifier: Apache-2.0
//! error static-used-after-destruction owner
// A thread keeps a pointer to what a static owned, and writes there when that is freed.
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

static std::unique_ptr<std::atomic<int>[]> owner = std::make_unique<std::atomic<int>[]>(6);

int main() {
  std::thread([numbers = owner.get()] {
    for (;;) {
      ++numbers[3];
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

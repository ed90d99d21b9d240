// SPDX-License-Identifier: Apache-2.0
//! error local-of-main-used requests
//! says "a local variable of main"
// A detached thread counts in a local variable of main, and main returns.
#include <atomic>
#include <chrono>
#include <thread>

int main() {
  std::atomic<int> requests{0};
  std::thread([&requests] {
    for (;;) {
      ++requests;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }).detach();
  while (requests < 3) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
// What a detached thread uses is never destroyed.
#include <chrono>
#include <thread>
#include <vector>

static std::vector<int>& numbers = *new std::vector<int>(100);

int main() {
  std::thread([] {
    for (int i = 0;; ++i) {
      numbers[7] = i;
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

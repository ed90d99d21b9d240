// SPDX-License-Identifier: Apache-2.0
//! error static-used-after-destruction table
// The thread uses it every 700 ms only: it is waited for until it has woken up once.
#include <chrono>
#include <thread>
#include <vector>

static std::vector<int> table(100);

int main() {
  std::thread([] {
    for (;;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(700));
      ++table[1];
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

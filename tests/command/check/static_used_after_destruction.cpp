// SPDX-License-Identifier: Apache-2.0
//! error static-used-after-destruction numbers
// A detached thread goes on using a static container; a variable beside it is used rightly by all.
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

static std::atomic<int> neighbour{0};
static std::vector<int> numbers(100);

int main() {
  std::thread([] {
    for (;;) {
      ++neighbour;
      numbers[7] = neighbour;
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

// SPDX-License-Identifier: Apache-2.0
//! error static-used-after-destruction m
// Its name is not mangled, and "m" would be a type if it were.
#include <chrono>
#include <thread>
#include <vector>

extern "C" {
std::vector<int> m(100);
}

int main() {
  std::thread([] {
    for (;;) {
      ++m[5];
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

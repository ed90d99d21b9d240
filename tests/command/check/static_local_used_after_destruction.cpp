// SPDX-License-Identifier: Apache-2.0
//! error static-used-after-destruction registry()::names
// The static of a function, through the function.
#include <chrono>
#include <string>
#include <thread>

static std::string& registry() {
  static std::string names(100, 'n');
  return names;
}

int main() {
  registry();
  std::thread([] {
    for (;;) {
      registry()[3] = 'x';
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

// SPDX-License-Identifier: Apache-2.0
//! error local-of-main-used
//! says "count"
//! says "run"
// A function that main has called gave a thread its local variable, and has returned.
#include <chrono>
#include <thread>

[[gnu::noinline]] static void run() {
  volatile long count = 0;
  std::thread([&count] {
    for (;;) {
      count = count + 1;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

int main() { run(); }

// SPDX-License-Identifier: Apache-2.0
//! error crashed-during-exit
// An exit handler takes away what a detached thread calls.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

static void nothing() {}
static std::atomic<void (*)()> callback{nothing};

int main() {
  std::atexit([] { callback = nullptr; });
  std::thread([] {
    for (;;) {
      callback.load()();
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

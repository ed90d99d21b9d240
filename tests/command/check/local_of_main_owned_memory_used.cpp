// SPDX-License-Identifier: Apache-2.0
//! error local-of-main-used
//! says "main had freed it before it returned; thread #1"
// A service on the heap, owned by a local variable of main: it is freed when main returns, and its thread works on.
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

struct service {
  std::atomic<long> served{0};
  long padding[20] = {};
  void run() {
    for (;;) {
      ++served;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
};

int main() {
  const auto only = std::make_unique<service>();
  std::thread(&service::run, only.get()).detach();
  while (only->served < 3) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

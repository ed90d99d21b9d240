// SPDX-License-Identifier: Apache-2.0
// A thread copies a static std::shared_ptr again and again. When that is destroyed the thread has a share of its own,
// so that the destructor frees nothing; the thread's next copy but one is of memory that is gone.
#include <chrono>
#include <memory>
#include <string>
#include <thread>

static std::shared_ptr<std::string> shared = std::make_shared<std::string>(100, 'x');

int main() {
  std::thread([] {
    for (;;) {
      const auto copy = shared;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

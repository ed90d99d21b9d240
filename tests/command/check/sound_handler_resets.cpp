// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
// Exit handlers free what plain pointers lead to and reset them, and threads look at these first: one under a mutex,
// one by an exchange.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

namespace {

std::mutex& lock = *new std::mutex;
std::string* volatile shared = nullptr;
std::atomic<std::string*> handed_over{nullptr};
std::atomic<unsigned long> sum{0};

void clean_up() {
  {
    const std::lock_guard guard(lock);
    delete shared;
    shared = nullptr;
  }
  delete handed_over.exchange(nullptr);
}

}  // namespace

int main() {
  shared = new std::string(100, 'x');
  std::atexit(clean_up);
  std::thread([] {
    for (;;) {
      const std::lock_guard guard(lock);
      if (const std::string* const text = shared) sum += static_cast<unsigned long>((*text)[50]);
    }
  }).detach();
  std::thread([] {
    for (;;) {
      delete handed_over.exchange(new std::string(100, 'y'));
      if (std::string* const text = handed_over.exchange(nullptr)) {
        sum += static_cast<unsigned long>((*text)[50]);
        delete text;
      }
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

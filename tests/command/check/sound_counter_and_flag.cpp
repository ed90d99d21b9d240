// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
// A destructor counts down and sets a flag, both of which are never destroyed, and a thread reads them for ever.
#include <atomic>
#include <chrono>
#include <string>
#include <thread>

namespace {

std::atomic<int> alive{0};
std::atomic<bool> over{false};

struct counted {
  std::string text = std::string(40, 'x');
  counted() { ++alive; }
  ~counted() {
    --alive;
    over = true;
  }
};
counted one, two;
std::atomic<int> seen{0};

}  // namespace

int main() {
  std::thread([] {
    for (;;) {
      seen = alive + (over ? 1 : 0);
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

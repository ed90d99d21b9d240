// SPDX-License-Identifier: Apache-2.0
//! error freed-at-exit-used
// An exit handler frees what a plain pointer leads to and resets it. A thread looks at the pointer first, as libraries
// do that were asked to tolerate calls after their own end: it meets the freed memory only between two instructions.
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

int volatile is_set_up = 1;
std::string* volatile shared = nullptr;

void clean_up() {
  delete shared;
  shared = nullptr;
}

}  // namespace

int main() {
  shared = new std::string(100, 'x');
  std::atexit(clean_up);
  std::thread([] {
    volatile int sum = 0;
    for (;;) {
      if (is_set_up == 0) continue;
      if (const std::string* const text = shared) sum = sum + (*text)[50];
      for (int volatile elsewhere = 0; elsewhere < 1000;) elsewhere = elsewhere + 1;
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

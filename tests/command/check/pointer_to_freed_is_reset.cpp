// SPDX-License-Identifier: Apache-2.0
//! error static-used-after-destruction
// A destructor frees what a plain pointer leads to and resets it, as a thread is about to use the pointer.
#include <chrono>
#include <string>
#include <thread>

namespace {

std::string* volatile shared = nullptr;

struct owner {
  owner() { shared = new std::string(100, 'x'); }
  ~owner() {
    delete shared;
    shared = nullptr;
  }
};
owner only;

}  // namespace

int main() {
  std::thread([] {
    volatile std::size_t sum = 0;
    for (;;)
      if (const std::string* const text = shared) sum = sum + text->size();
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

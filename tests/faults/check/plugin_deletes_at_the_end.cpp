// SPDX-License-Identifier: Apache-2.0
// A plugin of a C program that deletes nothing, a null pointer, as the last thing that its exit handler does: nothing
// of the plugin is left on the stack then. Another thread is there.
#include <new>
#include <thread>

namespace {
struct owner {
  int* number;
  ~owner() { ::operator delete(number); }
};
}  // namespace

extern "C" void go() {
  static owner last{nullptr};
  std::thread([] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
}

// SPDX-License-Identifier: Apache-2.0
// A thread uses a static without a pause. Others on its page are destroyed before it, and then a handler works for a
// while: the thread's accesses to the page are let through by the thousand before its own static goes.
#include <chrono>
#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>

static std::ostringstream text;

static void work() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(600);
  while (std::chrono::steady_clock::now() < end) {
  }
}
static const int registered = std::atexit(&work);
static std::string neighbours[4]{};
static std::string neighbour(100, 'x');

int main() {
  std::thread([] {
    for (;;) {
      text << "text";
      text.str("");
    }
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return registered + (neighbours[3].empty() && !neighbour.empty() ? 0 : 1);
}

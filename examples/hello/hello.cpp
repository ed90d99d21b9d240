// SPDX-License-Identifier: Apache-2.0
// A regular thread is waited for; a daemon is not.
#include <curfew/thread.hpp>

#include <chrono>
#include <cstdio>
#include <thread>

using namespace std::chrono_literals;

int main() {
  // Regular, the default: the end of the program waits for it.
  curfew::thread writer({.name = "writer"}, [] {
    std::this_thread::sleep_for(200ms);
    std::puts("writer: the file is written");
  });

  // A daemon: the end of the program freezes it, and it never sees a destroyed static.
  curfew::thread poller({.name = "poller", .daemon = true}, [] {
    for (;;) std::this_thread::sleep_for(10ms);
  });

  std::puts("main: returns");
}

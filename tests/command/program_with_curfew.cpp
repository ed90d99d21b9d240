// SPDX-License-Identifier: Apache-2.0
// A program that brings curfew is left alone: its own exit protocol runs, and --report says so.
//! under: run --report
//! status: 3
//! out: the regular thread has ended
//! err~ curfew\[\d+\]: the program brings an exit of its own, and is left alone
#include <curfew/thread.hpp>

#include <chrono>
#include <cstdio>

int main() {
  curfew::thread regular([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::puts("the regular thread has ended");
  });
  curfew::thread({.daemon = true}, [] {
    for (;;) std::this_thread::yield();
  });
  return 3;
}

// SPDX-License-Identifier: Apache-2.0
// main returns: its status is the program's, regular threads are waited for, the daemon is not, statics are destroyed.
//! status: 7
//! out: main ended
//! out: regular ended
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");

int main() {
  curfew::thread regular([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::puts("regular ended");
  });
  curfew::thread daemon({.daemon = true}, [] {
    std::this_thread::sleep_for(std::chrono::hours(1));
    std::puts("daemon ended");
  });
  std::puts("main ended");
  return 7;
}

// SPDX-License-Identifier: Apache-2.0
// std::exit in main, deep down: the same as a return.
//! status: 8
//! out: main exits
//! out: regular ended
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");

int main() {
  const curfew_test::speaking automatic("automatic objects are not destroyed by std::exit");
  curfew::thread regular([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::puts("regular ended");
  });
  curfew::jthread daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  std::puts("main exits");
  std::exit(8);
}

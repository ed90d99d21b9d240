// SPDX-License-Identifier: Apache-2.0
// std::exit in an atexit handler: as in a static destructor.
//! status: 3
//! out: main ended
//! out: handler exits again
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking first("static destroyed");

int main() {
  CHECK(std::atexit([] {
          std::puts("handler exits again");
          std::exit(4);
        }) == 0);
  curfew::thread daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  std::puts("main ended");
  return 3;
}

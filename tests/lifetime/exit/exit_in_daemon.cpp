// SPDX-License-Identifier: Apache-2.0
// std::exit in a daemon: it runs the exit to its end; nothing freezes it.
//! status: 10
//! out: daemon exits
//! out: regular ended
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");
static curfew_test::gate others_made;

int main() {
  curfew::thread daemon({.daemon = true}, [] {
    others_made.wait();
    std::puts("daemon exits");
    std::exit(10);
  });
  curfew::thread other({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  curfew::thread regular([] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() != curfew::phase::running; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::puts("regular ended");
  });
  others_made.open();
  std::this_thread::sleep_for(std::chrono::hours(1));
}

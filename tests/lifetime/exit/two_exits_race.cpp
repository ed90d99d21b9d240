// SPDX-License-Identifier: Apache-2.0
// Two std::exit at the same moment: one of the two statuses, each line once, never a crash.
//! repeat: 30
//! status: 3 4
//! out: regular ended
//! out: handler
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");
static std::atomic<int> ready{0};

static void exit_together(int status) {
  ++ready;
  while (ready < 2) {
  }
  std::exit(status);
}

int main() {
  CHECK(std::atexit([] { std::puts("handler"); }) == 0);
  curfew::thread regular([] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    std::puts("regular ended");
  });
  curfew::thread first(exit_together, 3);
  curfew::thread second({.daemon = true}, exit_together, 4);
  std::this_thread::sleep_for(std::chrono::hours(1));
}

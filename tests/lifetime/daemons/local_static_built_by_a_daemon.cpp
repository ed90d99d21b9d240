// SPDX-License-Identifier: Apache-2.0
// A function-local static that a daemon builds for the first time during the exit is destroyed by it, and another that
// is half built when the daemon is frozen hangs nobody.
//! seconds: 0..8
//! status: 3
//! out: built by the daemon
//! out: destroyed: built by the daemon
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");
static curfew_test::gate built;

struct slow_to_build {
  slow_to_build() {
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  }
};

int main() {
  curfew::after_wait("waits for the daemon", [] { built.wait(); });
  curfew::thread daemon({.daemon = true}, [] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::stopping; }));
    std::puts("built by the daemon");
    static curfew_test::speaking first_used_now("destroyed: built by the daemon");
    built.open();
    static slow_to_build never_done;
  });
  return 3;
}

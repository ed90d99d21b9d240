// SPDX-License-Identifier: Apache-2.0
// A daemon inside a shield is waited for: what the shield writes is whole; what comes after it is frozen.
//! out: main ended
//! out: first half
//! out: second half
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");
static curfew_test::gate inside;

int main() {
  curfew::thread daemon({.daemon = true}, [] {
    {
      const curfew::shield s;
      CHECK(static_cast<bool>(s));
      inside.open();
      CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::stopping; }));
      std::puts("first half");
      {
        const curfew::shield nested;  // whoever holds one can always open another
        CHECK(static_cast<bool>(nested));
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
      }
      std::puts("second half");
    }
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  });
  inside.wait();
  std::puts("main ended");
}

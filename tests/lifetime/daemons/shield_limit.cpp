// SPDX-License-Identifier: Apache-2.0
// A shield that stays open is cut when shield_limit is over, and the report counts it.
//! seconds: 0.2..8
//! out: cut
//! env: CURFEW_EXIT=report=-
//! err~ .*frozen: "Thread-1".*
//! err~ .*1 shields? past their limit
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::gate inside;

int main() {
  curfew::set_exit_options({.shield_limit = std::chrono::milliseconds(200)});
  curfew::thread daemon({.daemon = true}, [] {
    const curfew::shield s;
    inside.open();
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  });
  inside.wait();
  const auto report = curfew::finish();
  CHECK(report.shields_cut == 1);
  CHECK(report.frozen.size() == 1);
  std::puts("cut");
}

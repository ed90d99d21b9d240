// SPDX-License-Identifier: Apache-2.0
// finish() inside a hook, and on another thread while the exit runs: exit_in_progress.
//! out: in a hook: exit_in_progress
//! out: on another thread: exit_in_progress
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

int main() {
  curfew::before_wait("finishes",
                      [] { std::printf("in a hook: %s\n", curfew_test::error_of([] { curfew::finish(); })); });
  curfew::thread other([] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::printf("on another thread: %s\n", curfew_test::error_of([] { curfew::finish(); }));
  });
}

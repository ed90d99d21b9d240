// SPDX-License-Identifier: Apache-2.0
// exit_on_signals without wait_for_exit: threads are asked all the same, and the second signal ends the process.
//! env: CURFEW_EXIT=second_signal_after=0
//! signal: TERM after ready
//! signal: TERM after worker was asked
//! status: 143
//! out: ready
//! out: worker was asked
//! err~ .*second signal.*status 143.*
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

int main() {
  if (curfew_test::thread_sanitizer) curfew_test::skip("ThreadSanitizer keeps the signal to itself in 1 of 100 runs");
  curfew::exit_on_signals({SIGTERM});
  curfew::thread worker([](std::stop_token) {
    CHECK(!curfew::this_thread::sleep_for(std::chrono::hours(1)));
    curfew_test::say("worker was asked");
  });
  curfew_test::say("ready");
  std::this_thread::sleep_for(std::chrono::hours(1));
}

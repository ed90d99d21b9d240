// SPDX-License-Identifier: Apache-2.0
// exit_on_signals, the second signal: the process ends now with 128+n, although a regular thread has not ended, and
// what was printed is written.
//! seconds: 0..10
//! env: CURFEW_EXIT=second_signal_after=0
//! signal: TERM after ready
//! signal: INT after main ends
//! status: 130
//! out: ready
//! out: main ends
//! out: printed and not flushed
//! err~ .*second signal.*status 130.*
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <unistd.h>

static curfew_test::speaking last("static destroyed");

int main() {
  curfew::exit_on_signals();
  curfew::thread unresponsive([] {
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  });
  curfew_test::say("ready");
  const int status = curfew::wait_for_exit();
  std::puts("printed and not flushed");
  curfew::before_wait("past stdio", [] { CHECK(::write(STDOUT_FILENO, "main ends\n", 10) == 10); });
  return status;
}

// SPDX-License-Identifier: Apache-2.0
// exit_on_signals, the first signal: wait_for_exit returns, threads that take a token are asked, all is waited for, the
// status is main's.
//! case: SIGTERM
//! signal: TERM after ready
//! out: ready
//! out: wait_for_exit returned 0
//! out: worker was asked
//! out: static destroyed
//! case: SIGINT
//! signal: INT after ready
//! out: ready
//! out: wait_for_exit returned 0
//! out: worker was asked
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");
static curfew_test::gate main_returned;

int main() {
  curfew::exit_on_signals();
  curfew::thread worker([](std::stop_token) {
    CHECK(!curfew::this_thread::sleep_for(std::chrono::hours(1)));
    main_returned.wait();
    std::puts("worker was asked");
  });
  curfew::thread daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  CHECK(!curfew::exit_requested());
  curfew_test::say("ready");
  const int status = curfew::wait_for_exit();
  CHECK(curfew::exit_requested());
  std::printf("wait_for_exit returned %d\n", status);
  main_returned.open();
  return status;
}

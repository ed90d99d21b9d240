// SPDX-License-Identifier: Apache-2.0
// While the exit waits it says for whom: name, number, where it was started, what it is blocked in; again at
// twice the time; a negative report_after is silent; and what takes no longer is not reported.
//! case: said
//! args: 200
//! seconds: 0.7..9
//! out: main ended
//! out: slow ended
//! err* .*
//! err~ (?=.*"slow-worker")(?=.*#1\b)(?=.*live_report\.cpp:\d+)(?=.*sleep).*
//! err* .*
//! err~ (?=.*"slow-worker")(?=.*#1\b)(?=.*live_report\.cpp:\d+)(?=.*sleep).*
//! err* .*
//! case: never
//! args: -1
//! out: main ended
//! out: slow ended
//! case: not yet
//! args: 60000
//! out: main ended
//! out: slow ended
//! case: from the environment
//! args: 60000
//! env: CURFEW_EXIT=report_after=200ms
//! out: main ended
//! out: slow ended
//! err* .*
//! err~ (?=.*"slow-worker")(?=.*#1\b)(?=.*live_report\.cpp:\d+)(?=.*sleep).*
//! err* .*
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

int main(int, char** argv) {
  curfew::set_exit_options({.report_after = std::chrono::milliseconds(std::atoi(argv[1]))});
  curfew::thread slow({.name = "slow-worker"}, [] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    std::puts("slow ended");
  });
  curfew::thread daemon({.name = "some-daemon", .daemon = true},
                        [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  std::puts("main ended");
}

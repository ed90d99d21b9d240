// SPDX-License-Identifier: Apache-2.0
// A regular thread that never ends and a deadline: the process ends by it, with its status, what was printed is
// written, and stderr says which thread it waited for.
//! case: set by the program
//! args: set
//! seconds: 0.3..6
//! status: 124
//! out: main ended
//! err~ curfew: the exit has waited .* for 1 thread:
//! err~ (?=.*"stubborn" \(#1\), regular)(?=.*deadline_with_a_regular_thread\.cpp:\d+).*
//! err* (curfew\[\d+\]: (dump of|end of the dump)|thread "|  (/|0x|it does not answer)).*
//! err~ .*deadline.*
//! case: another status
//! args: status
//! seconds: 0.3..6
//! status: 9
//! out: main ended
//! err~ curfew: the exit has waited .* for 1 thread:
//! err~ (?=.*"stubborn" \(#1\), regular)(?=.*deadline_with_a_regular_thread\.cpp:\d+).*
//! err* (curfew\[\d+\]: (dump of|end of the dump)|thread "|  (/|0x|it does not answer)).*
//! err~ .*deadline.*
//! case: from the environment
//! args: environment
//! env: CURFEW_EXIT=deadline=300ms,deadline_status=33
//! seconds: 0.3..6
//! status: 33
//! out: main ended
//! err~ curfew: the exit has waited .* for 1 thread:
//! err~ (?=.*"stubborn" \(#1\), regular)(?=.*deadline_with_a_regular_thread\.cpp:\d+).*
//! err* (curfew\[\d+\]: (dump of|end of the dump)|thread "|  (/|0x|it does not answer)).*
//! err~ .*deadline.*
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstring>

int main(int, char** argv) {
  using std::chrono::milliseconds;
  if (std::strcmp(argv[1], "set") == 0) curfew::set_exit_options({.deadline = milliseconds(300)});
  if (std::strcmp(argv[1], "status") == 0)
    curfew::set_exit_options({.deadline = milliseconds(300), .deadline_status = 9});
  curfew::thread regular({.name = "stubborn"}, [] {
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  });
  std::puts("main ended");
}

// SPDX-License-Identifier: Apache-2.0
// A hook that never returns and a deadline: the process ends by it, and stderr names the hook.
//! case: before the wait
//! args: before
//! seconds: 0.3..6
//! status: 124
//! out: main ended
//! err* (curfew\[\d+\]: (dump of|end of the dump)|thread "|  (/|0x|it does not answer)).*
//! err~ (?=.*status 124)(?=.*deadline)(?=.*"endless hook").*
//! case: after the wait
//! args: after
//! seconds: 0.3..6
//! status: 124
//! out: main ended
//! err* (curfew\[\d+\]: (dump of|end of the dump)|thread "|  (/|0x|it does not answer)).*
//! err~ (?=.*status 124)(?=.*deadline)(?=.*"endless hook").*
#include <curfew/exit.hpp>

#include <support/program.hpp>

#include <cstring>

int main(int, char** argv) {
  curfew::set_exit_options({.deadline = std::chrono::milliseconds(300)});
  const auto add = std::strcmp(argv[1], "before") == 0 ? &curfew::before_wait : &curfew::after_wait;
  add("endless hook", [] {
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  });
  std::puts("main ended");
}

// SPDX-License-Identifier: Apache-2.0
// A static destructor that never returns and a deadline, with a daemon and without: the process ends by it.
//! case: with a daemon
//! args: daemon
//! seconds: 0.5..6
//! status: 124
//! out: main ended
//! err* (curfew\[\d+\]: (dump of|end of the dump)|thread "|  (/|0x|it does not answer)).*
//! err~ .*status 124.*deadline.*
//! case: without
//! args: none
//! seconds: 0.5..6
//! status: 124
//! out: main ended
//! err* (curfew\[\d+\]: (dump of|end of the dump)|thread "|  (/|0x|it does not answer)).*
//! err~ .*status 124.*deadline.*
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstring>

struct endless {
  ~endless() {
    // One that counts its turns looks like one that works: nothing but the deadline ends it.
    for (unsigned long turns = 0;; ++turns) asm volatile("" : : "r"(turns));
  }
};
static endless last;

int main(int, char** argv) {
  curfew::set_exit_options({.deadline = std::chrono::milliseconds(500)});
  if (std::strcmp(argv[1], "daemon") == 0)
    curfew::thread({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
  std::puts("main ended");
}

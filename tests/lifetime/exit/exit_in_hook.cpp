// SPDX-License-Identifier: Apache-2.0
// std::exit in a before-wait hook: it does not come back, the exit goes on behind it, and its status counts when the
// exit began with a return from main.
//! case: after a return from main
//! args: return
//! status: 5
//! out: hook exits
//! out: next hook
//! out: regular ended
//! out: static destroyed
//! case: after std::exit
//! args: exit
//! status: 2
//! out: hook exits
//! out: next hook
//! out: regular ended
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstring>

static curfew_test::speaking last("static destroyed");

int main(int, char** argv) {
  curfew::before_wait("next", [] { std::puts("next hook"); });
  curfew::before_wait("exits", [] {
    std::puts("hook exits");
    std::exit(5);
  });
  curfew::thread regular([] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::puts("regular ended");
  });
  if (std::strcmp(argv[1], "exit") == 0) std::exit(2);
  return 2;
}

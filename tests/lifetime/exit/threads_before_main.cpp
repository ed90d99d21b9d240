// SPDX-License-Identifier: Apache-2.0
// Threads started before main: known, regular by default, waited for; exit in a static constructor waits for them too.
//! case: main runs
//! args: run
//! out: main: 3 threads
//! out: early regular ended
//! out: static destroyed
//! status: 2
//! case: exit before main
//! env: EXIT_EARLY=1
//! args: run
//! out: early regular ended
//! out: static destroyed
//! status: 6
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking first("static destroyed");
static curfew::thread regular([] {
  CHECK(curfew::main_thread().number == 0);
  CHECK(!curfew::this_thread::is_daemon());
  CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::puts("early regular ended");
});
static curfew::thread early_daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });

struct may_exit {
  may_exit() {
    if (std::getenv("EXIT_EARLY") != nullptr) std::exit(6);
  }
};
static may_exit last;

int main() {
  std::printf("main: %zu threads\n", curfew::active_count());
  return 2;
}

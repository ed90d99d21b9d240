// SPDX-License-Identifier: Apache-2.0
// A static destructor that spins on what a frozen daemon would have done: destructor_limit ends the process with its
// own status, what was printed is written, and stderr says that destructors were left out.
//! seconds: 0.3..6
//! status: 3
//! out: main ended
//! err~ (?=.*status 3)(?=.*~spins)(?=.*destructors are skipped).*
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

static curfew_test::speaking first("not reached");
static std::atomic<bool> wanted{false};

struct spins {
  ~spins() {
    while (!wanted) {
    }
  }
};
static spins last;

int main() {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer puts off the signal that asks a spinning thread for its call stack");
  curfew::set_exit_options({.destructor_limit = std::chrono::milliseconds(300)});
  curfew::thread daemon({.daemon = true}, [] {
    std::this_thread::sleep_for(std::chrono::hours(1));
    wanted = true;
  });
  std::puts("main ended");
  return 3;
}

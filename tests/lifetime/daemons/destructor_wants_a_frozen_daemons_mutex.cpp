// SPDX-License-Identifier: Apache-2.0
// A static destructor that locks what a daemon holds for ever: the process ends at once, long before destructor_limit,
// with its own status; stderr says which destructor waited, and for whom.
//! seconds: 0..8
//! status: 3
//! out: main ended
//! err~ (?=.*status 3)(?=.*(saves_state|a destructor or exit handler))(?=.*"holder" \(#1\)).*
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <mutex>

static curfew_test::speaking first("not reached");
static std::mutex state_mutex;

struct saves_state {
  ~saves_state() {
    const std::lock_guard lock(state_mutex);
    std::puts("not reached either");
  }
};
static saves_state last;
static curfew_test::gate holds;

int main() {
  curfew::set_exit_options({.destructor_limit = std::chrono::minutes(5)});
  curfew::thread daemon({.name = "holder", .daemon = true}, [] {
    const std::lock_guard lock(state_mutex);
    holds.open();
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  });
  holds.wait();
  std::puts("main ended");
  return 3;
}

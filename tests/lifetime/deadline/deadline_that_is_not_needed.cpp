// SPDX-License-Identifier: Apache-2.0
// An exit that is done before its deadline does not wait for it, and keeps its own status.
//! seconds: 0..8
//! status: 3
//! out: regular ended
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

int main() {
  curfew::set_exit_options({.deadline = std::chrono::hours(1)});
  curfew::thread regular([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::puts("regular ended");
  });
  curfew::thread daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  return 3;
}

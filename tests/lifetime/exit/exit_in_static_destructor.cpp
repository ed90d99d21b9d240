// SPDX-License-Identifier: Apache-2.0
// std::exit in a static destructor, while the exit runs: it does not come back, the destructors that are left run once,
// and the first status stays.
//! status: 3
//! out: main ended
//! out: exits again
//! out: first static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking first("first static destroyed");

struct exits_again {
  ~exits_again() {
    std::puts("exits again");
    std::exit(4);
    std::puts("came back");
  }
};
static exits_again second;

int main() {
  curfew::thread daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  std::puts("main ended");
  return 3;
}

// SPDX-License-Identifier: Apache-2.0
// A program that links curfew and starts nothing ends as it did without, atexit handlers and statics in their order.
//! status: 3
//! out: main ended
//! out: handler
//! out: static destroyed
#include <curfew/exit.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");

int main() {
  CHECK(curfew::exit_phase() == curfew::phase::running);
  CHECK(std::atexit([] { std::puts("handler"); }) == 0);
  std::puts("main ended");
  return 3;
}

// SPDX-License-Identifier: Apache-2.0
// Static curfew::jthread objects: the regular one drains, asked to stop by the exit; the daemon's handle gives up where
// a frozen thread cannot be joined; the daemon that ends in its grace is joined.
//! seconds: 0..8
//! out: regular drained
//! out: polite daemon ended
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking first("static destroyed");
static curfew_test::gate drained;
static curfew::jthread regular([](std::stop_token) {
  static_cast<void>(curfew::this_thread::sleep_for(std::chrono::hours(1)));
  std::puts("regular drained");
  drained.open();
});
static curfew::jthread polite({.daemon = true, .grace = std::chrono::seconds(30)}, [](std::stop_token) {
  static_cast<void>(curfew::this_thread::sleep_for(std::chrono::hours(1)));
  CHECK(drained.is_open());
  std::puts("polite daemon ended");
});
static curfew::jthread unresponsive({.daemon = true}, [] {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
});

int main() {}

// SPDX-License-Identifier: Apache-2.0
// The function of a regular timer calls exit: the thread that calls timers is in the exit then, and the exit still
// waits until the others are called. Who waits for the end of that function, which does not come back, is released.
//! seconds: 0..8
//! status: 3
//! out: exits
//! out: the second in phase draining
//! out: one that was made meanwhile
//! out: the periodic one is over
//! out: the one that exits is over
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <optional>

using namespace std::chrono_literals;
using curfew::timer;

static curfew_test::speaking last("static destroyed");

int main() {
  static curfew_test::gate all_are_there;
  static timer exits(0s, [] {
    all_are_there.wait();
    std::puts("exits");
    std::exit(3);
  });
  static timer slow_tick({.periodic = true}, 24h, [] {});
  static timer second(20ms, [] {
    std::printf("the second in phase %s\n", curfew::to_string(curfew::exit_phase()));
    timer(100ms, [] { std::puts("one that was made meanwhile"); });
  });
  curfew::thread([] {
    CHECK(slow_tick.join());
    CHECK(second.join());
    std::this_thread::sleep_for(300ms);
    std::puts("the periodic one is over");
    CHECK(exits.join());
    CHECK(!exits.is_alive());
    std::puts("the one that exits is over");
  }).detach();
  all_are_there.open();
  std::this_thread::sleep_for(1h);
}

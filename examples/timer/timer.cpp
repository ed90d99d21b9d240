// SPDX-License-Identifier: Apache-2.0
// Timers: one call later, periodic calls, and a call that is cancelled in time.
#include <curfew/exit.hpp>
#include <curfew/sync.hpp>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

int main() {
  curfew::timer reminder(100ms, [] { std::puts("reminder: after 100 ms"); });

  int beats = 0;
  curfew::event three_beats;
  curfew::timer heartbeat({.periodic = true, .daemon = true}, 20ms, [&] {
    if (++beats == 3) three_beats.set();
  });
  three_beats.wait();
  heartbeat.cancel();  // no further call begins
  heartbeat.join();    // the last call is over, so `beats` may go
  std::printf("heartbeat: %s\n", beats >= 3 ? "three beats" : "too few beats");

  curfew::timer alarm(1h, [] { std::puts("alarm: never printed"); });
  std::printf("alarm: %s\n", alarm.cancel() ? "cancelled" : "too late");

  std::puts("main: returns");  // the reminder is still to come: the end of the program waits for it
}

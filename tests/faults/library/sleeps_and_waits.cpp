// SPDX-License-Identifier: Apache-2.0
// Under another clock (faketime): curfew's sleeps, waits and joins with a limit take the time that they say, and the
// exit freezes a busy daemon. Right: all come back, and the statics are destroyed.
#include "guard.hpp"

#include <curfew/sync/event.hpp>
#include <curfew/thread.hpp>

int main() {
  curfew::this_thread::sleep_for(50ms);
  std::puts("slept");
  curfew::event never;
  curfew::thread busy({.name = "busy", .daemon = true}, [] {
    for (;;) tick();
  });
  if (never.wait_for(50ms) || busy.join_for(50ms)) return 3;
  std::puts("waited");
  std::fflush(stdout);
  return 0;
}

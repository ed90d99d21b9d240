// SPDX-License-Identifier: Apache-2.0
// What a user's program does with an installed curfew. WANT_LOCK_TRACKING is 1 where it links that too.
#include <curfew/curfew.hpp>

#include <cstdio>
#include <system_error>

static bool has_lock_tracking() {
  // The one option that is refused without it.
  curfew::exit_options options;
  options.foreign = curfew::foreign_threads::freeze;
  try {
    curfew::set_exit_options(options);
  } catch (const std::system_error&) {
    return false;
  }
  return true;
}

int main() {
  if (has_lock_tracking() != (WANT_LOCK_TRACKING == 1)) {
    std::printf("lock tracking is %s\n", has_lock_tracking() ? "there" : "missing");
    return 1;
  }
  curfew::thread daemon({.name = "ticker", .daemon = true}, [] {
    for (;;) static_cast<void>(curfew::this_thread::sleep_for(std::chrono::milliseconds(1)));
  });
  curfew::thread regular([] { std::puts("regular thread ended"); });
  return daemon.is_alive() ? 0 : 2;
}

// SPDX-License-Identifier: Apache-2.0
// The library on a system that it has no back end for, src/os/none/ in place of this system's: it links as a whole, and
// the first call of what is missing says what that is. It comes before main: curfew notes which code is its own.
//! status: -6
//! err~ curfew: this system has no back end: `.*::os::.*` is not written; src/os/[a-z_]+\.hpp says what it does, .*
#include <curfew/curfew.hpp>

// Linked, and never reached: the library, with all that it needs of a system.
int main() {
  curfew::exit_guard guard;
  curfew::exit_on_signals();
  curfew::thread worker([] {});
  curfew::thread_pool pool;
  curfew::timer late(std::chrono::hours(1), [] {});
  static_cast<void>(curfew::wait_readable_for(0, std::chrono::seconds(1)));
  curfew::before_wait("hook", [] {});
}

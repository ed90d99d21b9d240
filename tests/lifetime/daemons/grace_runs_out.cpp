// SPDX-License-Identifier: Apache-2.0
// A daemon that does not end in its grace is frozen when that is over; one that takes no token gets none; and the
// thread's own grace counts, not the longer one of the exit.
//! seconds: 0.3..9
//! out: daemon was asked
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");

int main() {
  curfew::set_exit_options({.daemon_grace = std::chrono::hours(1)});
  curfew::thread stays({.daemon = true, .grace = std::chrono::milliseconds(300)}, [](std::stop_token) {
    CHECK(!curfew::this_thread::sleep_for(std::chrono::hours(1)));
    std::puts("daemon was asked");
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  });
  curfew::thread without_token({.daemon = true}, [] {
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  });
}

// SPDX-License-Identifier: Apache-2.0
// A daemon that takes a token is asked, and gets its grace to clean up; nobody waits longer than it takes.
//! case: daemon_grace of the exit
//! args: exit
//! seconds: 0..9
//! out: cleaned up
//! out: static destroyed
//! case: grace of the thread
//! args: thread
//! seconds: 0..9
//! out: cleaned up
//! out: static destroyed
//! case: from the environment
//! args: environment
//! env: CURFEW_EXIT=grace=30s
//! seconds: 0..9
//! out: cleaned up
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstring>

static curfew_test::speaking last("static destroyed");

int main(int, char** argv) {
  curfew::thread_options options{.daemon = true};
  if (std::strcmp(argv[1], "exit") == 0) curfew::set_exit_options({.daemon_grace = std::chrono::seconds(30)});
  if (std::strcmp(argv[1], "thread") == 0) options.grace = std::chrono::seconds(30);
  curfew::thread daemon(options, [](std::stop_token) {
    CHECK(!curfew::this_thread::sleep_for(std::chrono::hours(1)));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::puts("cleaned up");
  });
}

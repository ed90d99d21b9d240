// SPDX-License-Identifier: Apache-2.0
// ending::skip_destructors: with a daemon left, stdio is written and no destructor runs; with none left all do.
//! case: a daemon is left
//! args: daemon
//! status: 3
//! out: main ended
//! case: no daemon is left
//! args: none
//! status: 3
//! out: main ended
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstring>

static curfew_test::speaking last("static destroyed");

int main(int, char** argv) {
  curfew::set_exit_options({.daemons = curfew::ending::skip_destructors});
  curfew::thread daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); });
  daemon.join();
  if (std::strcmp(argv[1], "daemon") == 0)
    daemon = curfew::thread({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  std::puts("main ended");
  return 3;
}

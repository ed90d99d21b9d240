// SPDX-License-Identifier: Apache-2.0
// SIGTERM ends main's wait_for_exit(): status 0.
#include "storm.hpp"

#include <signal.h>

int main() {
  storm::mark("status 0");
  curfew::exit_on_signals();
  storm::daemons(2, [] { std::string word(100, 'w'); });
  curfew::thread({.daemon = true}, [] {
    storm::jitter();
    ::kill(::getpid(), SIGTERM);
  });
  storm::expect("main", 20);
  storm::keep_all("main", 20);
  return curfew::wait_for_exit();
}

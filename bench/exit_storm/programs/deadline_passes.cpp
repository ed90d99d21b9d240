// SPDX-License-Identifier: Apache-2.0
// A regular thread that does not end, and a deadline: the status says that the wait was broken off.
#include "storm.hpp"

int main() {
  storm::mark("status 124");
  storm::may_skip("the deadline ends the process");
  curfew::set_exit_options({.deadline = std::chrono::milliseconds(20)});
  storm::daemons(2, [] { std::string word(100, 'w'); });
  curfew::thread([] {
    for (;;) ::pause();
  });
  return storm::end();
}

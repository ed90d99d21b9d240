// SPDX-License-Identifier: Apache-2.0
// A daemon holds a shield, and calls exit(3) under it while the end of the program waits for the shield. main's return
// was the first to end the program, so its status counts. Right: status 0, at once.
#include "guard.hpp"

#include <curfew/curfew.hpp>

int main() {
  static std::atomic<bool> shielded{false};
  curfew::thread({.daemon = true}, [] {
    curfew::shield shield;
    shielded = true;
    while (curfew::exit_phase() == curfew::phase::running) usleep(1000);
    usleep(10000);
    std::exit(3);
  });
  while (!shielded) usleep(1000);
}

// SPDX-License-Identifier: Apache-2.0
// A daemon holds a shield, and calls exit(3) under it while the end of the program waits for the shield. main's return
// was the first to end the program, so its status counts. Right: status 0, at once.
#include "guard.hpp"

#include <curfew/curfew.hpp>

int main() {
  curfew::thread({.daemon = true}, [] {
    curfew::shield shield;
    usleep(20000);
    std::exit(3);
  });
  usleep(10000);
}

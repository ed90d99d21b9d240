// SPDX-License-Identifier: Apache-2.0
// A std::thread and a daemon call exit under nested shields that the end of the program waits for. Right: status 0, at
// once.
#include "guard.hpp"

#include <curfew/curfew.hpp>

#include <thread>

static void exit_under_two() {
  curfew::shield outer, inner;
  usleep(20000);
  std::exit(3);
}

int main() {
  std::thread(exit_under_two).detach();
  curfew::thread({.daemon = true}, exit_under_two);
  usleep(10000);
}

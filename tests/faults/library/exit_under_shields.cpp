// SPDX-License-Identifier: Apache-2.0
// A std::thread and a daemon call exit under nested shields that the end of the program waits for. Right: status 0, at
// once.
#include "guard.hpp"

#include <curfew/curfew.hpp>

#include <atomic>
#include <thread>

static std::atomic<int> shielded{0};

static void exit_under_two() {
  curfew::shield outer, inner;
  ++shielded;
  while (curfew::exit_phase() == curfew::phase::running) usleep(100);
  usleep(20000);
  std::exit(3);
}

int main() {
  std::thread(exit_under_two).detach();
  curfew::thread({.daemon = true}, exit_under_two);
  while (shielded < 2) usleep(100);
}

// SPDX-License-Identifier: Apache-2.0
// A thread calls err(), which enters the C library's exit without passing curfew's; main returns while that exit waits.
// The first exit is the thread's: its status, the static destroyed.
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <err.h>

#include <chrono>
#include <cstdio>
#include <thread>

using namespace std::chrono_literals;

struct final_line {
  ~final_line() { std::puts("destroyed"); }
};
static final_line words;

int main() {
  curfew::thread works({.name = "works"}, [] { std::this_thread::sleep_for(300ms); });
  curfew::thread errs({.name = "errs"}, [] { errx(5, "given up"); });
  while (curfew::exit_phase() != curfew::phase::draining) std::this_thread::sleep_for(1ms);
  return 7;
}

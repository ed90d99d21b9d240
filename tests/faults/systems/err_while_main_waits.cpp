// SPDX-License-Identifier: Apache-2.0
// main has returned and waits for a thread; another thread calls err(), which enters the C library's exit without
// passing curfew's. The first exit is main's: its status, the static destroyed.
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
  curfew::thread errs({.name = "errs"}, [] {
    while (curfew::exit_phase() != curfew::phase::draining) std::this_thread::sleep_for(1ms);
    errx(5, "given up");
  });
  return 7;
}

// SPDX-License-Identifier: Apache-2.0
// Regular threads started while the exit waits are waited for, through generations, and also those that a daemon makes
// regular.
//! out: generation 3
//! out: generation 2
//! out: generation 1
//! out: generation 0
//! out: regular child of a daemon
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static void generation(int n) {
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  std::printf("generation %d\n", n);
  if (n > 0) curfew::thread(generation, n - 1).detach();
  if (n == 0) {
    static curfew_test::gate made;
    curfew::thread daemon({.daemon = true}, [] {
      curfew::thread({.daemon = false}, [] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        std::puts("regular child of a daemon");
      }).detach();
      made.open();
    });
    made.wait();
  }
}

int main() { curfew::thread(generation, 3).detach(); }

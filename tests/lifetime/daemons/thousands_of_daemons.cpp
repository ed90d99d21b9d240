// SPDX-License-Identifier: Apache-2.0
// A thousand daemons are frozen, and the exit is done in seconds.
//! seconds: 0..15
//! out: 1000 daemons
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");

int main() {
  for (int i = 0; i < 1000; ++i) {
    curfew::thread({.daemon = true, .stack_size = 256 << 10}, [] {
      for (;;) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }).detach();
  }
  std::printf("%zu daemons\n", curfew::counts().daemon);
}

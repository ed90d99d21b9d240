// SPDX-License-Identifier: Apache-2.0
// Where no signal can be queued no daemon can be frozen: the process says so soon, and ends with its own status.
//! seconds: 0..8
//! status: 7
//! out: main ended
//! err~ curfew: the exit is ended here, with status 7: the thread "daemon" \(#1\) cannot be frozen.*
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <sys/resource.h>

#include <atomic>

static curfew_test::speaking first("not reached");
static std::atomic<long> ticks{0};

int main() {
  curfew::thread({.name = "daemon", .daemon = true}, [] {
    for (;;) ++ticks;
  }).detach();
  CHECK(curfew_test::eventually([] { return ticks > 0; }));
  const rlimit none{};
  CHECK(::setrlimit(RLIMIT_SIGPENDING, &none) == 0);
  std::puts("main ended");
  return 7;
}

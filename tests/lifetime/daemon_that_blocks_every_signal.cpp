// SPDX-License-Identifier: Apache-2.0
// A daemon that blocks every signal cannot be halted: then no static destructor runs beside it. stdio is written out,
// the process ends with its own status, within seconds, and stderr says why.
//! seconds: 0..8
//! status: 3
//! out: main ended
//! out: printed and not flushed
//! err~ .*"deaf".*
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <csignal>

static curfew_test::speaking last("a static was destroyed beside a running daemon");
static curfew_test::gate blocked;
static std::atomic<long> ticks{0};

int main() {
  curfew::thread daemon({.name = "deaf", .daemon = true}, [] {
    sigset_t all;
    sigfillset(&all);
    CHECK(pthread_sigmask(SIG_SETMASK, &all, nullptr) == 0);
    blocked.open();
    for (;;) ++ticks;
  });
  blocked.wait();
  curfew_test::say("main ended");
  std::puts("printed and not flushed");
  return 3;
}

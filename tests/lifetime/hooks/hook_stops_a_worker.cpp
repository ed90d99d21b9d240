// SPDX-License-Identifier: Apache-2.0
// A before-wait hook tells a worker that takes no token to stop: the place for it, because the wait comes after.
//! seconds: 0..8
//! out: hook
//! out: worker drained its queue
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::gate stop;

int main() {
  curfew::before_wait("stop the worker", [] {
    std::puts("hook");
    stop.open();
  });
  curfew::thread worker([] {
    stop.wait();
    std::puts("worker drained its queue");
  });
}

// SPDX-License-Identifier: Apache-2.0
// What is inherited decides at the end: the regular child of a regular thread is waited for after its parent has ended,
// the child of a daemon is not.
//! seconds: 0..8
//! out: child of the regular ended
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");
static curfew_test::gate daemon_child_runs;

int main() {
  curfew::thread regular([] {
    curfew::thread([] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      std::puts("child of the regular ended");
    }).detach();
  });
  curfew::thread daemon({.daemon = true}, [] {
    curfew::thread child([] {
      daemon_child_runs.open();
      std::this_thread::sleep_for(std::chrono::hours(1));
    });
    child.join();
  });
  regular.join();
  daemon_child_runs.wait();
}

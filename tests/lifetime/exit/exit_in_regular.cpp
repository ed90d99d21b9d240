// SPDX-License-Identifier: Apache-2.0
// std::exit in a regular thread: it runs the exit, other regular threads are waited for, and main, which sleeps, is
// frozen before the statics are destroyed.
//! status: 9
//! out: worker exits
//! out: other ended
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");
static curfew_test::gate others_made;

int main() {
  curfew::thread worker([] {
    others_made.wait();
    std::puts("worker exits");
    std::exit(9);
  });
  curfew::thread other([] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() != curfew::phase::running; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::puts("other ended");
  });
  others_made.open();
  std::this_thread::sleep_for(std::chrono::hours(1));
}

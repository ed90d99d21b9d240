// SPDX-License-Identifier: Apache-2.0
// join_main_thread returns on other threads once the exit has begun to wait, and again at once; on the exiting thread
// it is an error.
//! out: before-wait hook, on the exiting thread: resource_deadlock_would_occur
//! out: a regular thread came back: no error
//! out: again: no error
//! out: a static destructor: resource_deadlock_would_occur
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

using curfew_test::error_of;

struct tries {
  ~tries() {
    std::printf("a static destructor: %s\n", error_of([] { curfew::join_main_thread(); }));
  }
};
static tries last;

int main() {
  curfew::thread regular([] {
    const char* const first = error_of([] { curfew::join_main_thread(); });
    CHECK(curfew::exit_phase() == curfew::phase::draining);
    std::printf("a regular thread came back: %s\n", first);
    std::printf("again: %s\n", error_of([] { curfew::join_main_thread(); }));
  });
  curfew::thread daemon({.daemon = true}, [] {
    CHECK(std::string_view(error_of([] { curfew::join_main_thread(); })) == "no error");
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  });
  CHECK(!regular.join_for(std::chrono::milliseconds(50)));
  curfew::before_wait("tries", [] {
    std::printf("before-wait hook, on the exiting thread: %s\n", error_of([] { curfew::join_main_thread(); }));
  });
}

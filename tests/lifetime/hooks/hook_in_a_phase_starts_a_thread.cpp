// SPDX-License-Identifier: Apache-2.0
// A hook of a phase with a limit runs on a thread of the exit's. What it starts is a regular thread all the same, and a
// call that comes too late is told so.
//! seconds: 0..3
//! out: exit_in_progress
//! out: the journal is written
#include <curfew/exit.hpp>
#include <curfew/hook_phases.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <thread>

using namespace std::chrono_literals;

int main() {
  curfew::set_hook_phases({{"storage", 60s}});
  curfew::in_phase("storage", "journal", [] {
    std::puts(curfew_test::error_of([] { curfew::before_wait("late", [] {}); }));
    curfew::thread([] {
      std::this_thread::sleep_for(100ms);
      std::puts("the journal is written");
    });
  });
}

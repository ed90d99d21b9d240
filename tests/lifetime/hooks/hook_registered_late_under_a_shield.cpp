// SPDX-License-Identifier: Apache-2.0
// A daemon's hook comes too late. Without a shield the daemon is frozen in the call, as it would be a moment later;
// with one it gets the exception, because its work is to be finished.
//! seconds: 0..3
//! out: exit_in_progress
//! out: the work is done
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <thread>

using namespace std::chrono_literals;

int main() {
  curfew::before_wait("hook", [] {
    std::atomic<bool> shielded{false};
    curfew::thread({.daemon = true}, [&] {
      const curfew::shield work;
      shielded = true;
      std::puts(curfew_test::error_of([] { curfew::before_wait("late", [] {}); }));
      std::this_thread::sleep_for(100ms);
      std::puts("the work is done");
    });
    while (!shielded) std::this_thread::yield();
  });
}

// SPDX-License-Identifier: Apache-2.0
// A signal may come before main has waited for anything or looked at its stop token: main is asked to stop all the
// same, so its loop ends.
//! seconds: 0..5
//! out: main was asked
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <csignal>

int main() {
  curfew::thread early({.daemon = true}, [](std::stop_token asked) {
    (void)curfew_test::eventually([&] { return asked.stop_requested(); });
  });
  curfew::exit_on_signals();
  std::raise(SIGTERM);
  early.join();  // the threads have been asked, and main, if it could be
  CHECK(curfew_test::eventually([] {
    return !curfew::this_thread::sleep_for(std::chrono::milliseconds(1)) && curfew::this_thread::stop_requested();
  }));
  std::puts("main was asked");
}

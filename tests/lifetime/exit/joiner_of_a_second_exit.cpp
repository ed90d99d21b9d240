// SPDX-License-Identifier: Apache-2.0
// A thread that calls exit while another thread's exit is under way comes back no more: whoever joins it is not waited
// for, and is frozen. Who joins that one neither.
//! seconds: 0..8
//! status: 0
//! out: static destroyed
//! env: CURFEW_EXIT=report=-
//! err* .* waited for: "(exits too|joiner|second)".*
//! err~ .*not waited for.*"(joiner|second)".*
//! err~ .*not waited for.*"(joiner|second)".*
//! err~ .*frozen: "(exits too|joiner|second)".*
//! err~ .*frozen: "(exits too|joiner|second)".*
//! err~ .*frozen: "(exits too|joiner|second)".*
//! err~ .*exit: .*froze 3 .*
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

static curfew_test::speaking last("static destroyed");

int main() {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer holds signals back from a thread inside curfew's own waits");
  static curfew::thread exits_too({.name = "exits too"}, [] {
    while (curfew::exit_phase() < curfew::phase::draining) std::this_thread::sleep_for(std::chrono::microseconds(100));
    std::exit(1);
  });
  static curfew::thread joiner({.name = "joiner"}, [] {
    exits_too.join();
    std::puts("the joiner came back");
  });
  static curfew::thread joins_the_joiner({.name = "second"}, [] {
    joiner.join();
    std::puts("the joiner's joiner came back");
  });
  const auto waiting = [](const curfew::thread& t) { return t.info().state == curfew::thread_state::waiting; };
  CHECK(curfew_test::eventually([&] { return waiting(joiner) && waiting(joins_the_joiner); }));
  return 0;
}

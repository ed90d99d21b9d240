// SPDX-License-Identifier: Apache-2.0
// A thread that joins the exiting thread is not waited for: it would be a cycle. Nor is one that joins that one, and
// the report says so. Main joins it too, and is frozen.
//! seconds: 0..8
//! status: 3
//! out: worker exits
//! out: static destroyed
//! env: CURFEW_EXIT=report=-
//! err~ .*not waited for.*"(joiner|second)".*
//! err~ .*not waited for.*"(joiner|second)".*
//! err~ .*frozen: "(joiner|second|main)".*
//! err~ .*frozen: "(joiner|second|main)".*
//! err~ .*frozen: "(joiner|second|main)".*
//! err~ .*exit: .*froze 3 .*
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

static curfew_test::speaking last("static destroyed");

int main() {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer holds signals back from a thread inside curfew's own waits");
  static curfew::thread worker;
  static curfew_test::gate go;
  worker = curfew::thread({.name = "worker"}, [] {
    go.wait();
    std::puts("worker exits");
    std::exit(3);
  });
  curfew::thread joiner({.name = "joiner"}, [] {
    worker.join();
    std::puts("the joiner came back");
  });
  curfew::thread joins_the_joiner({.name = "second"}, [&] {
    joiner.join();
    std::puts("the joiner's joiner came back");
  });
  const auto waiting = [](const curfew::thread& t) { return t.info().state == curfew::thread_state::waiting; };
  CHECK(curfew_test::eventually([&] { return waiting(joiner) && waiting(joins_the_joiner); }));
  go.open();
  worker.join();
  std::puts("main came back");
}

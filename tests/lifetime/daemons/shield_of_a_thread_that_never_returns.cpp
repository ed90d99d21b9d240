// SPDX-License-Identifier: Apache-2.0
// A thread that never comes back to what its shield protects does not hold up the exit.
//! args: {case}
//! seconds: 0..3
//! case: calls_exit
//! out: static destroyed
//! status: 2
//! case: joins_the_exiting_thread
//! out: static destroyed
//! status: 5
//! case: joins_one_that_called_exit
//! out: static destroyed
//! status: 2
//! case: has_ended
//! out: static destroyed
//! status: 2
//! case: calls_exit_during_finish
//! out: finished: 0 shields cut
//! out: static destroyed
//! status: 2
//! case: foreign_calls_exit
//! out: static destroyed
//! status: 2
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <string>
#include <thread>

static curfew_test::speaking last("static destroyed");
static curfew_test::gate shielded;
static curfew::thread worker;

using curfew_test::eventually;

static void wait_for_the_exit() {
  CHECK(eventually([] { return curfew::exit_phase() >= curfew::phase::stopping; }));
}

int main(int, char** arguments) {
  const std::string which = arguments[1];
  if (which == "calls_exit" || which == "calls_exit_during_finish") {
    curfew::thread({.daemon = true}, [] {
      const curfew::shield shield;
      shielded.open();
      wait_for_the_exit();
      std::exit(6);
    });
  } else if (which == "foreign_calls_exit") {
    std::thread([] {
      const curfew::shield shield;
      shielded.open();
      wait_for_the_exit();
      std::exit(6);
    }).detach();
  } else if (which == "joins_the_exiting_thread") {
    curfew_test::gate joins;
    worker = curfew::thread([] {
      shielded.wait();
      std::exit(5);
    });
    curfew::thread({.daemon = true}, [] {
      const curfew::shield shield;
      shielded.open();
      worker.join();
    });
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  } else if (which == "joins_one_that_called_exit") {
    worker = curfew::thread({.daemon = true}, [] {
      wait_for_the_exit();
      std::exit(5);
    });
    curfew::thread({.daemon = true}, [] {
      const curfew::shield shield;
      shielded.open();
      worker.join();
    });
  } else if (which == "has_ended") {
    curfew::thread t({.daemon = true}, [] { static_cast<void>(new curfew::shield); });
    t.join();
    shielded.open();
  }
  shielded.wait();
  if (which == "calls_exit_during_finish") std::printf("finished: %u shields cut\n", curfew::finish().shields_cut);
  return 2;
}

// SPDX-License-Identifier: Apache-2.0
// Foreign threads that adopt themselves while the exit is under way. Draining: a regular one is waited for, and asked
// to stop if it takes a token. Frozen: a daemon freezes in the call, a regular one is told that it is too late.
//! args: {case}
//! case: regular_while_draining
//! out: adopted while the exit waits
//! out: work is done
//! out: static destroyed
//! case: regular_with_a_token
//! out: adopted while the exit waits
//! out: asked to stop
//! out: static destroyed
//! case: daemon_while_draining
//! out: adopted while the exit waits
//! out: static destroyed
//! case: regular_once_frozen
//! out: exit_in_progress
//! out: static destroyed
//! case: daemon_once_frozen
//! out: static destroyed
//! case: after_finish
//! out: exit_in_progress
//! out: exit_in_progress
//! out: static destroyed
#include <curfew/adopt.hpp>
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <string>
#include <thread>

static curfew_test::gate go, adopted, over;
static std::string which;
static std::atomic<long> ticks{0};

/// Lets the foreign thread act while statics are being destroyed.
struct witness {
  bool acts = false;
  ~witness() {
    if (acts) {
      go.open();
      if (which == "regular_once_frozen") over.wait();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      CHECK(ticks == 0);
    }
    std::puts("static destroyed");
  }
};
static witness last;

static void foreign() {
  go.wait();
  if (which == "regular_once_frozen") {
    curfew_test::say(curfew_test::error_of([] { curfew::adopt().keep(); }));
    over.open();
    return;
  }
  if (which == "daemon_once_frozen") {
    adopted.open();
    curfew::adopt({.daemon = true}).keep();
    for (;;) ++ticks;
  }
  const bool daemon = which == "daemon_while_draining";
  const auto here =
      curfew::adopt({.name = "late", .daemon = daemon, .takes_stop_token = which == "regular_with_a_token"});
  curfew_test::say("adopted while the exit waits");
  adopted.open();
  if (which == "regular_with_a_token") {
    CHECK(!curfew::this_thread::sleep_for(curfew_test::patient(std::chrono::seconds(20))));
    std::puts("asked to stop");
    return;
  }
  while (daemon) ++ticks;
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::puts("work is done");
}

int main(int, char** arguments) {
  which = arguments[1];
  if (which == "after_finish") {
    curfew::finish();
    for (const bool daemon : {true, false})
      std::thread([daemon] {
        std::puts(curfew_test::error_of([=] { curfew::adopt({.daemon = daemon}).keep(); }));
      }).join();
    return 0;
  }
  last.acts = which.ends_with("once_frozen");
  std::thread(foreign).detach();
  if (last.acts) return 0;
  // Holds up the exit until the foreign thread is in it.
  curfew::thread([] {
    CHECK(curfew_test::eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
    go.open();
    adopted.wait();
  });
}

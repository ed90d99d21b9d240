// SPDX-License-Identifier: Apache-2.0
// The exit goes on as soon as an adopted regular thread is released, also by its end; and a daemon that is asked to
// stop within its grace period and releases itself is neither waited for nor frozen.
//! args: {case}
//! repeat: 3
//! case: regular
//! out: released
//! out: frozen 0
//! out: static destroyed
//! case: daemon_within_its_grace
//! out: asked to stop
//! out: frozen 0
//! out: static destroyed
//! case: joined_by_its_maker
//! out: joined
//! out: frozen 0
//! out: static destroyed
#include <curfew/adopt.hpp>
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <string>
#include <thread>

static curfew_test::speaking last("static destroyed");
static curfew_test::gate adopted;

static bool draining() { return curfew::exit_phase() >= curfew::phase::draining; }

static void run(const std::string& which) {
  if (which == "daemon_within_its_grace") {
    const auto here = curfew::adopt({.daemon = true, .grace = curfew_test::patient(std::chrono::seconds(20))});
    adopted.open();
    while (curfew::this_thread::sleep_for(std::chrono::seconds(1))) {
    }
    std::puts("asked to stop");
    return;
  }
  auto here = curfew::adopt({.name = "callback"});
  adopted.open();
  CHECK(curfew_test::eventually(&draining));
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  if (which == "regular") {
    std::puts("released");
    here.release();
  }
}

int main(int, char** arguments) {
  const std::string which = arguments[1];
  std::thread foreign(run, which);
  adopted.wait();
  if (which == "joined_by_its_maker") {
    curfew::thread([foreign = std::move(foreign)]() mutable {
      CHECK(curfew_test::eventually(&draining));
      foreign.join();
      std::puts("joined");
    });
  } else {
    foreign.detach();
  }
  std::printf("frozen %zu\n", curfew::finish().frozen.size());
}

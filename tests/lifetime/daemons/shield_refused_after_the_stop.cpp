// SPDX-License-Identifier: Apache-2.0
// Once daemons have been asked to stop no shield opens any more, for them and for anyone.
//! out: before: open
//! out: daemon, asked to stop: refused
//! out: after-wait hook: refused
//! out: static destructor: refused
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static void try_one(const char* where) {
  const curfew::shield s;
  std::printf("%s: %s\n", where, s ? "open" : "refused");
}

struct at_the_end {
  ~at_the_end() { try_one("static destructor"); }
};
static at_the_end last;

int main() {
  curfew::after_wait("tries", [] { try_one("after-wait hook"); });
  static curfew_test::gate tried;
  curfew::thread daemon({.daemon = true, .grace = std::chrono::seconds(30)}, [](std::stop_token) {
    try_one("before");
    tried.open();
    CHECK(!curfew::this_thread::sleep_for(std::chrono::hours(1)));
    try_one("daemon, asked to stop");
  });
  tried.wait();
}

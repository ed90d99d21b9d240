// SPDX-License-Identifier: Apache-2.0
// A detached thread of somebody else's that has adopted itself as a daemon is frozen with the others, whatever
// exit_options::foreign says of the threads that nobody adopted: it is not waited for, and not frozen twice.
//! args: {case}
//! repeat: 3
//! case: leave
//! out: frozen: poller, daemon
//! out: static destroyed beside nobody
//! case: wait
//! out: frozen: poller, daemon
//! out: static destroyed beside nobody
//! case: freeze
//! out: frozen: poller, daemon
//! out: static destroyed beside nobody
#include <curfew/adopt.hpp>
#include <curfew/exit.hpp>

#include <support/program.hpp>

#include <string>
#include <system_error>
#include <thread>

static std::atomic<long> ticks{0};

struct witness {
  ~witness() {
    const long before = ticks;
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    std::puts(ticks == before ? "static destroyed beside nobody" : "static destroyed beside a daemon");
  }
};
static witness last;

static void set_foreign(const std::string& which) {
  using curfew::foreign_threads;
  try {
    curfew::set_exit_options({.foreign = which == "wait"     ? foreign_threads::wait
                                         : which == "freeze" ? foreign_threads::freeze
                                                             : foreign_threads::leave});
  } catch (const std::system_error&) {  // without lock tracking there is only one way
    CHECK(which != "leave");
  }
}

int main(int, char** arguments) {
  set_foreign(arguments[1]);
  std::thread([] {
    curfew::adopt({.name = "poller", .daemon = true}).keep();
    for (;;) ++ticks;
  }).detach();
  CHECK(curfew_test::eventually([] { return ticks > 0; }));
  const auto report = curfew::finish();
  for (const auto& t : report.frozen) std::printf("frozen: %s, %s\n", t.name.c_str(), curfew::to_string(t.kind));
  CHECK(report.waited_for.empty() && report.not_frozen.empty() && report.foreign_frozen == 0);
}

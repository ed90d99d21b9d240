// SPDX-License-Identifier: Apache-2.0
// finish() on a thread that goes on afterwards: the exit behind it waits for a regular one, and freezes a daemon and a
// foreign thread that nobody can join. Statics are destroyed beside none of them.
//! args: {case}
//! repeat: 5
//! case: daemon
//! out: finish returned
//! out: static destroyed
//! status: 3
//! case: foreign
//! out: finish returned
//! out: static destroyed
//! status: 3
//! case: regular
//! out: finish returned
//! out: regular ended
//! out: static destroyed
//! status: 3
//! case: joinable
//! out: finish returned
//! out: joined
//! out: static destroyed
//! status: 3
//! case: exits_itself
//! out: finish returned
//! out: static destroyed
//! status: 4
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <string>
#include <thread>

static std::atomic<long> ticks{0};
static std::atomic<bool> over{false};

struct witness {
  ~witness() {
    const long before = ticks;
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    CHECK(ticks == before);
    std::puts("static destroyed");
  }
};
static witness last;

struct joins_in_the_end {
  std::thread t;
  ~joins_in_the_end() {
    if (!t.joinable()) return;
    over = true;
    t.join();
    std::puts("joined");
  }
};
static joins_in_the_end joinable;
static curfew_test::gate finished;

static void finish_and_go_on() {
  curfew::finish();
  curfew_test::say("finish returned");
  finished.open();
  while (!over) ++ticks;
}

int main(int, char** arguments) {
  const std::string which = arguments[1];
  if (which == "daemon") curfew::thread({.daemon = true}, finish_and_go_on);
  if (which == "foreign") std::thread(finish_and_go_on).detach();
  if (which == "joinable") joinable.t = std::thread(finish_and_go_on);
  if (which == "regular")
    curfew::thread([] {
      curfew::finish();
      curfew_test::say("finish returned");
      finished.open();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      std::puts("regular ended");
    });
  if (which == "exits_itself") {
    curfew::thread({.daemon = true}, [] {
      curfew::finish();
      curfew_test::say("finish returned");
      std::exit(4);
    });
    for (;;) ++ticks;
  }
  finished.wait();
  return 3;
}

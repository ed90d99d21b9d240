// SPDX-License-Identifier: Apache-2.0
// foreign_threads::freeze, with lock tracking: a detached std::thread is frozen as a daemon is, one that can be joined
// is left for the destructor that joins it.
//! case: set by the program
//! args: set
//! out: a detached thread is frozen
//! out: joined
//! case: from the environment
//! args: environment
//! env: CURFEW_EXIT=foreign=freeze
//! out: a detached thread is frozen
//! out: joined
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <cstring>

static std::atomic<long> ticks{0};

struct worker {
  curfew_test::gate stop;
  std::thread thread{[this] { stop.wait(); }};
  ~worker() {
    const long before = ticks;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::puts(before == ticks ? "a detached thread is frozen" : "a detached thread runs on");
    stop.open();
    thread.join();
    std::puts("joined");
  }
};
static worker pool;

int main(int, char** argv) {
  if (std::strcmp(argv[1], "set") == 0) curfew::set_exit_options({.foreign = curfew::foreign_threads::freeze});
  std::thread([] {
    for (;;) ++ticks;
  }).detach();
  CHECK(curfew_test::eventually([] { return ticks > 0; }));
}

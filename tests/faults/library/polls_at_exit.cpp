// SPDX-License-Identifier: Apache-2.0
// Something that the end does not wait for, and that nobody told to listen, polls every 100 ms: an abandon task, the
// function of a daemon timer, a daemon in a timed wait on an event, one in a thread that takes no token and has no
// grace. Right: from the end of main to the first destructor it asks once more or twice, not thousands of times.
#include "guard.hpp"

#include <curfew/curfew.hpp>

#include <string>

static std::atomic<unsigned long> requests{0};
static unsigned long at_end = 0;

struct report {
  ~report() {
    const unsigned long after = requests - at_end;
    if (after > 2) std::printf("%lu requests after main's end\n", after);
  }
};
static report at_exit;
static curfew::thread_pool pool({.workers = 1});
static curfew::event never;

static void poll_by_sleep() {
  for (;;) {
    ++requests;
    static_cast<void>(curfew::this_thread::sleep_for(100ms));
  }
}

int main(int argc, char** argv) {
  const std::string kind = argc > 1 ? argv[1] : "";
  if (kind == "task") pool.post(curfew::at_exit::abandon, &poll_by_sleep);
  if (kind == "timer") curfew::timer({.daemon = true}, 1ms, &poll_by_sleep);
  if (kind == "event")
    curfew::thread({.daemon = true}, [] {
      for (;;) {
        ++requests;
        static_cast<void>(never.wait_for(100ms));
      }
    });
  if (kind == "no_grace") curfew::thread({.daemon = true, .grace = 0ms}, &poll_by_sleep);
  usleep(300000);
  at_end = requests;
}

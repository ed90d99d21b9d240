// SPDX-License-Identifier: Apache-2.0
// From the freeze on no daemon executes an instruction of the program: a static destructor sees all counters
// unchanged, however the daemons spend their time.
//! repeat: 5
//! out: all stood still
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <array>
#include <cmath>

static std::array<std::atomic<long>, 4> steps;

struct watches {
  ~watches() {
    std::array<long, 4> before;
    for (std::size_t i = 0; i < steps.size(); ++i) before[i] = steps[i];
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    for (std::size_t i = 0; i < steps.size(); ++i) CHECK(before[i] > 0 && before[i] == steps[i]);
    std::puts("all stood still");
  }
};
static watches last;

int main() {
  curfew::thread spins({.daemon = true}, [] {
    for (;;) ++steps[0];
  });
  curfew::thread sleeps({.daemon = true}, [] {
    for (;;) {
      ++steps[1];
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
  });
  curfew::thread yields({.daemon = true}, [] {
    for (;;) {
      ++steps[2];
      curfew::this_thread::yield();
    }
  });
  curfew::thread lists({.daemon = true}, [] {
    for (;;) {
      ++steps[3];
      (void)curfew::enumerate();
    }
  });
  CHECK(curfew_test::eventually([] {
    for (const auto& s : steps)
      if (s == 0) return false;
    return true;
  }));
}

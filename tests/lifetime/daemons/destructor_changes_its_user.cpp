// SPDX-License-Identifier: Apache-2.0
// A static destructor calls seteuid, for which the C library reaches every thread by a signal and waits until each has
// made the system call. Frozen threads make it, and nothing else; so does a thread that has called exit.
//! status: 3
//! out: destructor: 0
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <unistd.h>

#include <atomic>

static std::atomic<unsigned long> steps{0};

struct changes_user {
  ~changes_user() {
    const unsigned long before = steps.load();
    std::printf("destructor: %d\n", ::seteuid(::geteuid()));
    if (steps.load() != before) std::puts("a frozen thread goes on");
  }
};
static changes_user last;

int main() {
  curfew::thread busy({.daemon = true}, [] {
    for (;;) steps.fetch_add(1);
  });
  curfew::thread asleep({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  curfew::before_wait("second exit", [] {
    static curfew_test::gate exits;
    std::thread([] {
      exits.open();
      std::exit(4);
    }).detach();
    exits.wait();
  });
  while (steps.load() == 0) std::this_thread::yield();
  return 3;
}

// SPDX-License-Identifier: Apache-2.0
// A host calls finish(), and changes its user afterwards, for which the C library waits until each thread has made the
// system call: those that are frozen make it, and stay frozen.
//! status: 0
//! out: seteuid: 0
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <unistd.h>

#include <atomic>

static std::atomic<unsigned long> steps{0};

int main() {
  curfew::thread({.daemon = true}, [] {
    for (;;) steps.fetch_add(1);
  }).detach();
  curfew::thread({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
  while (steps.load() == 0) std::this_thread::yield();
  CHECK(curfew::finish().frozen.size() == 2);
  const unsigned long before = steps.load();
  std::printf("seteuid: %d\n", ::seteuid(::geteuid()));
  CHECK(steps.load() == before);
}

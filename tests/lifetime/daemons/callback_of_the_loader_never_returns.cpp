// SPDX-License-Identifier: Apache-2.0
// A foreign thread stays in a callback of dl_iterate_phdr, with the loader's lock for that: the exit wants
// nothing of the loader's before it freezes, and static destructors run.
//! status: 3
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <link.h>

static curfew_test::speaking last("static destroyed");
static curfew_test::gate inside;

static int stay(dl_phdr_info*, std::size_t, void*) {
  inside.open();
  std::this_thread::sleep_for(std::chrono::hours(1));
  return 0;
}

int main() {
  curfew::thread daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  std::thread([] { ::dl_iterate_phdr(&stay, nullptr); }).detach();
  inside.wait();
  return 3;
}

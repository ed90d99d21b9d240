// SPDX-License-Identifier: Apache-2.0
// A daemon stays in a callback of dl_iterate_phdr, with the loader's lock for that, and is frozen there in the end. The
// exit wants nothing of the loader's itself, and static destructors run.
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
  curfew::thread({.daemon = true}, [] { ::dl_iterate_phdr(&stay, nullptr); }).detach();
  inside.wait();
  return 3;
}

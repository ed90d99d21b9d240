// SPDX-License-Identifier: Apache-2.0
// A detached thread stays in a callback of dl_iterate_phdr, with the loader's lock for that. Without curfew the exit is
// over at once; here it wants nothing of the loader's itself, and gives up waiting for that lock.
//! under: run
//! status: 3
//! out: static destroyed
#include <link.h>

#include <chrono>
#include <cstdio>
#include <future>
#include <thread>

struct speaking {
  ~speaking() { std::puts("static destroyed"); }
};
static speaking last;
static std::promise<void> inside;

static int stay(dl_phdr_info*, std::size_t, void*) {
  inside.set_value();
  std::this_thread::sleep_for(std::chrono::hours(1));
  return 0;
}

int main() {
  std::thread([] { ::dl_iterate_phdr(&stay, nullptr); }).detach();
  inside.get_future().wait();
  return 3;
}

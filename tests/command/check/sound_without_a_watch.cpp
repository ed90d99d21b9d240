// SPDX-License-Identifier: Apache-2.0
// No thread can be started any more when the exit begins (a limit of processes), so the exit is not watched. A static's
// destructor waits for a thread that uses a variable beside it: nobody may be held then.
//! nothing
//! prints "joined"
#include "../shim/limit.hpp"

#include <atomic>
#include <cstdio>
#include <thread>

static std::atomic<bool> stop{false};
static std::atomic<unsigned> rounds{0};

struct worker {
  std::thread thread{[] {
    while (!stop.load()) rounds.fetch_add(1);
  }};
  ~worker() {
    stop.store(true);
    thread.join();
    std::puts("joined");
  }
};

static worker only;

int main() {
  while (rounds.load() < 1000) std::this_thread::yield();
  no_more_threads.store(true);
  return 0;
}

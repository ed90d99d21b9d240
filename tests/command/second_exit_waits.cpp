// SPDX-License-Identifier: Apache-2.0
// Two threads call exit: the first one's status counts, its destructor does all its work, and the second waits. A
// destructor may join the second: it is past joining.
//! under: run
//! status: 3
//! out: 50 steps
//! out: joined
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

static std::atomic<bool> first_is_in{false};
static std::thread second;

struct slow {
  ~slow() {
    first_is_in.store(true);
    int steps = 0;
    for (; steps < 50; ++steps) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::printf("%d steps\n", steps);
    second.join();
    std::puts("joined");
  }
};

int main() {
  static slow object;
  second = std::thread([] {
    while (!first_is_in.load()) std::this_thread::yield();
    std::exit(4);
  });
  std::exit(3);
}

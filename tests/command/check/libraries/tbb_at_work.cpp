// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
// A worker of oneTBB that is inside the program's own function: its work is lost.
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <unistd.h>

#include <atomic>

int main() {
  static std::atomic<bool> begun{false};
  static tbb::global_control two(tbb::global_control::max_allowed_parallelism, 2);
  static auto* const arena = new tbb::task_arena(2, 0);
  arena->enqueue([] {
    begun.store(true);
    for (;;) usleep(1000);
  });
  while (!begun.load()) usleep(1000);
}

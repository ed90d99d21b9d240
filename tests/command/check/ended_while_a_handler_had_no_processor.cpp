// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
// Two threads end during the exit, while an exit handler runs that waits for nobody: it only has no processor
// meanwhile, because they have it.
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

static std::atomic<int> exit_has_begun{0};

static void work() {
  exit_has_begun.wait(0);
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(30);
  while (std::chrono::steady_clock::now() < end) {
  }
}

static void give_way(int policy) {
  const sched_param lowest{};
  sched_setscheduler(0, policy, &lowest);
}

int main() {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  sched_setaffinity(0, sizeof one, &one);
  std::atexit([] {
    give_way(SCHED_IDLE);
    exit_has_begun = 1;
    exit_has_begun.notify_all();
    give_way(SCHED_OTHER);
  });
  for (int i = 0; i < 2; ++i) std::thread(work).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

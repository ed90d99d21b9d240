// SPDX-License-Identifier: Apache-2.0
// A daemon keeps a spin lock for longer than the freeze asks it again. It is frozen with it, thawed because of that,
// and frozen for good once it has given the lock back, which a destructor wants.
//! seconds: 0..20
//! out: destructor had the lock
#include <curfew/thread.hpp>

#include <support/proc.hpp>
#include <support/program.hpp>

namespace {

std::atomic_flag flag;
std::atomic<pid_t> keeper{0};
std::atomic<bool> give_back{false};
volatile unsigned long words[8];

/// Many instructions, so that the daemon is met at another each time.
[[gnu::always_inline]] inline void work() {
  for (int i = 0; i < 8; ++i) words[i] = words[(i + 1) % 8] * 3 + words[(i + 2) % 8] / 7;
}

struct wanting {
  ~wanting() {
    while (flag.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
    std::puts("destructor had the lock");
  }
};
wanting object;

}  // namespace

int main() {
  curfew::thread({.name = "keeper", .daemon = true}, [] {
    keeper.store(::gettid(), std::memory_order_relaxed);
    while (flag.test_and_set(std::memory_order_acquire)) {
    }
    while (!give_back.load(std::memory_order_relaxed)) work();
    flag.clear(std::memory_order_release);
    for (;;) work();
  });
  while (!flag.test()) std::this_thread::yield();
  // Nobody freezes this one. The keeper sleeps only when it is frozen.
  std::thread([before = curfew_test::times_asleep(keeper)] {
    while (curfew_test::times_asleep(keeper) == before) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    give_back = true;
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
  }).detach();
}

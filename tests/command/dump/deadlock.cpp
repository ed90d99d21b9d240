// SPDX-License-Identifier: Apache-2.0
// Two rings: "first" waits for a mutex of "second", which joins it; "third" waits for a mutex that it holds itself.
// Knows nothing of curfew.
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>

namespace {
std::mutex of_second, of_third;
std::atomic<int> begun{0};
}  // namespace

int main() {
  std::thread second([] {
    ::pthread_setname_np(::pthread_self(), "second");
    const std::lock_guard<std::mutex> lock(of_second);
    std::thread first([] {
      ::pthread_setname_np(::pthread_self(), "first");
      ++begun;
      of_second.lock();
    });
    first.join();
  });
  std::thread third([] {
    ::pthread_setname_np(::pthread_self(), "third");
    of_third.lock();
    ++begun;
    of_third.lock();
  });
  while (begun.load() < 2) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  std::puts("ready");
  std::fflush(stdout);
  for (;;) ::pause();
}

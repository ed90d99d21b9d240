// SPDX-License-Identifier: Apache-2.0
// exit_speed getchar|nothing DESCRIPTOR: a program that ends with a daemon in getchar(), or that never started a
// thread. Just before main returns it writes the time to DESCRIPTOR: CLOCK_MONOTONIC, nanoseconds, 8 bytes.
// exit_speed.py does the rest. Without WITH_CURFEW only `nothing` ends: exit waits for the lock of stdin since
// glibc 2.38.
#ifdef WITH_CURFEW
#include <curfew/thread.hpp>
#endif

#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace {

std::atomic<bool> at_work{false};

[[maybe_unused]] void read_a_character() {
  at_work = true;
  std::getchar();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
#ifdef WITH_CURFEW
  if (std::strcmp(argv[1], "getchar") == 0) {
    curfew::thread({.daemon = true}, read_a_character);
    while (!at_work) std::this_thread::yield();
    // From "about to read" to asleep, with the stream's lock.
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
#endif
  timespec t;
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  const std::int64_t now = t.tv_sec * std::int64_t{1'000'000'000} + t.tv_nsec;
  return ::write(std::atoi(argv[2]), &now, sizeof now) == sizeof now ? 0 : 1;
}

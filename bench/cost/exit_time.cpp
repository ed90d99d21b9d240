// SPDX-License-Identifier: Apache-2.0
// exit_time COUNT return|_exit DESCRIPTOR: a program that ends with COUNT sleeping threads it will not wait for. Just
// before the end it writes the time to DESCRIPTOR: CLOCK_MONOTONIC, nanoseconds, 8 bytes. run.py does the rest.
//
// With WITH_CURFEW they are daemons, without it detached threads. A thread that was joined went before, so that all
// that is set up with the first thread is.
#ifdef WITH_CURFEW
#include <curfew/thread.hpp>
#endif

#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace {

std::atomic<int> asleep{0};

void sleep_for_an_hour() {
  asleep.fetch_add(1);
  std::this_thread::sleep_for(std::chrono::hours(1));
}

#ifdef WITH_CURFEW
void start_and_join() {
  curfew::thread([] {}).join();
}
void start_sleeper() { curfew::thread({.daemon = true}, sleep_for_an_hour); }
#else
void start_and_join() {
  std::thread([] {}).join();
}
void start_sleeper() { std::thread(sleep_for_an_hour).detach(); }
#endif

std::int64_t now() {
  timespec t;
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000LL + t.tv_nsec;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  const int count = std::atoi(argv[1]);
  const bool leave_at_once = std::strcmp(argv[2], "_exit") == 0;
  const int descriptor = std::atoi(argv[3]);
  start_and_join();
  for (int i = 0; i < count; ++i) start_sleeper();
  while (asleep.load() < count) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  // From "about to sleep" to asleep.
  std::this_thread::sleep_for(std::chrono::milliseconds(count < 1000 ? 2 : 10));
  const std::int64_t t = now();
  if (::write(descriptor, &t, sizeof t) != sizeof t) return 74;
  if (leave_at_once) ::_exit(0);
  return 0;
}

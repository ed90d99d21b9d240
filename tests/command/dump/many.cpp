// SPDX-License-Identifier: Apache-2.0
// As many threads as the argument says, in several places, and then "ready". With a file as a second argument one more
// writes there, again and again, for how many nanoseconds at most it did not run: bench/dump looks at that.
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace {

std::mutex mutex, held;
std::condition_variable condition;
std::atomic<int> begun{0};

[[gnu::noinline]] void wait_on_condition() {
  std::unique_lock<std::mutex> lock(mutex);
  ++begun;
  condition.wait(lock, [] { return false; });
}
[[gnu::noinline]] void sleep_long() {
  ++begun;
  std::this_thread::sleep_for(std::chrono::hours(10));
}
[[gnu::noinline]] void wait_for_mutex() {
  ++begun;
  held.lock();
}
[[gnu::noinline]] int deeper(int depth) {
  volatile int kept = depth;
  if (depth == 0) return sleep_long(), 0;
  return deeper(depth - 1) + kept;
}

long now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

void* measure_gaps(void* argument) {
  auto* const longest = static_cast<std::atomic<long>*>(argument);
  for (long before = now();;) {
    const timespec moment{0, 50'000};
    ::nanosleep(&moment, nullptr);
    const long after = now();
    if (after - before > longest->load()) longest->store(after - before);
    before = after;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 100;
  held.lock();
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, 64 * 1024);
  int made = 1;
  if (argc > 2) {
    const int fd = ::open(argv[2], O_RDWR);
    void* const page = fd >= 0 ? ::mmap(nullptr, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
    pthread_t thread;
    if (page == MAP_FAILED || ::pthread_create(&thread, &attributes, &measure_gaps, page) != 0) return 2;
  }
  for (; made < count; ++made) {
    static void* (*const work[])(void*) = {
        [](void*) -> void* { return wait_on_condition(), nullptr; },
        [](void*) -> void* { return sleep_long(), nullptr; },
        [](void*) -> void* { return wait_for_mutex(), nullptr; },
        [](void*) -> void* { return deeper(20), nullptr; },
    };
    pthread_t thread;
    if (::pthread_create(&thread, &attributes, work[made % 4], nullptr) != 0) break;
  }
  while (begun.load() < made - 1) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  std::printf("ready %d\n", made);
  std::fflush(stdout);
  for (;;) ::pause();
}

// SPDX-License-Identifier: Apache-2.0
// waves KIND THREADS SIZE: starts and joins THREADS threads in waves of SIZE, all of a wave before the next, and prints
// how long a thread took, how much of memory the process ever had, and how much it has after the last wave.
#include <curfew/thread.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

std::atomic<long> ran{0};

void work() { ran.fetch_add(1, std::memory_order_relaxed); }

/// In bytes. The peak is not getrusage's, which begins with what the parent had.
std::size_t memory(const char* file, std::string_view field) {
  std::ifstream fields(file);
  std::size_t kilobytes = 0;
  for (std::string word; fields >> word;)
    if (word == field) fields >> kilobytes;
  return kilobytes * 1024;
}

template <class Thread>
void wave(int size) {
  std::vector<Thread> threads;
  threads.reserve(static_cast<std::size_t>(size));
  for (int i = 0; i < size; ++i) threads.emplace_back(work);
  for (Thread& t : threads) t.join();
}

template <class Thread>
int run(int count, int size) {
  using clock = std::chrono::steady_clock;
  const auto began = clock::now();
  for (int left = count; left > 0; left -= size) wave<Thread>(left < size ? left : size);
  const double all = std::chrono::duration<double, std::nano>(clock::now() - began).count();
  if (ran != count) return 1;
  std::printf("{\"nanoseconds\": %.1f, \"peak\": %zu, \"resident\": %zu}\n", all / count,
              memory("/proc/self/status", "VmHWM:"), memory("/proc/self/smaps_rollup", "Rss:"));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  const std::string_view kind = argv[1];
  const int count = std::atoi(argv[2]), size = std::atoi(argv[3]);
  if (count < 1 || size < 1) return 64;
  if (kind == "std::jthread") return run<std::jthread>(count, size);
  if (kind == "curfew::thread") return run<curfew::thread>(count, size);
  if (kind == "curfew::jthread") return run<curfew::jthread>(count, size);
  return 64;
}

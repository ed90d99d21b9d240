// SPDX-License-Identifier: Apache-2.0
// A program that lives on mutexes: threads that take turns at a hash table, as a cache in a server does. Prints how
// many operations they did in a second of processor time, which other programs take less away from.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <time.h>

namespace {

struct shard {
  std::mutex mutex;
  std::unordered_map<unsigned, std::string> map;
};

double processor_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

}  // namespace

int main(int argc, char** argv) {
  const std::chrono::milliseconds time(argc > 1 ? std::atoi(argv[1]) : 1000);
  static std::array<shard, 256> shards;
  std::atomic<bool> stop{false};
  std::atomic<long> operations{0};
  std::vector<std::thread> threads;
  const double began = processor_seconds();
  for (unsigned t = 0; t < 2; ++t)
    threads.emplace_back([&, t] {
      unsigned random = t + 1;
      long done = 0;
      for (; !stop.load(std::memory_order_relaxed); ++done) {
        random = random * 1664525U + 1013904223U;
        const unsigned key = (random >> 8) % 20'000;
        shard& s = shards[key % shards.size()];
        const std::lock_guard lock(s.mutex);
        std::string& value = s.map[key];
        value.assign(1, static_cast<char>('a' + key % 26));
      }
      operations.fetch_add(done);
    });
  std::this_thread::sleep_for(time);
  stop.store(true);
  for (auto& t : threads) t.join();
  std::printf("%.0f\n", static_cast<double>(operations.load()) / (processor_seconds() - began));
}

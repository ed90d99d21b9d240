// SPDX-License-Identifier: Apache-2.0
// The cases, the same for each library. A library is a class with
//     explicit library(int threads);
//     void flood(int producers, int each, Task);    `producers` threads submit `each` tasks; returns when all are done
//     long fib(int n);                              each call but the smallest divides itself in two tasks
//     void map(const std::vector<double>&, std::vector<double>&);
//     void hand_off();                              one empty task is started, as a thread would be, and waited for
//     auto submit(Task);                            a future of one task
// and `static constexpr` bools that say which it has. Prints one line for each case: NAME NANOSECONDS-PER-ITEM.
#pragma once

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace cases {

using clock = std::chrono::steady_clock;

inline double nanoseconds_since(clock::time_point began) {
  return std::chrono::duration<double, std::nano>(clock::now() - began).count();
}

inline void compute(int rounds) {
  for (int i = 0; i < rounds; ++i) asm volatile("" : "+r"(i));
}

/// How many rounds take a microsecond, on a processor that nobody else has: the best of many.
inline int rounds_for_a_microsecond() {
  double best = 1e9;
  for (int i = 0; i < 200; ++i) {
    const auto began = clock::now();
    compute(20000);
    best = std::min(best, nanoseconds_since(began));
  }
  return static_cast<int>(20000 * 1000 / best);
}

constexpr int fib_of = 27;
constexpr long fib_calls = 832039;  // calls of fib(27) altogether
constexpr std::size_t map_items = 1000000;

inline void say(const std::string& name, double ns) {
  std::printf("%s %.1f\n", name.c_str(), ns);
  std::fflush(stdout);
}

[[noreturn]] inline void wrong(const char* what) {
  std::fprintf(stderr, "%s is wrong\n", what);
  std::_Exit(1);
}

template <class Library>
void flood(Library& library, const char* name, int producers, int rounds, int tasks) {
  static std::atomic<int> ran{0};
  ran = 0;
  const auto began = clock::now();
  library.flood(producers, tasks / producers, [rounds] {
    compute(rounds);
    ran.fetch_add(1, std::memory_order_relaxed);
  });
  const double all = nanoseconds_since(began);
  if (ran != tasks / producers * producers) wrong(name);
  say(std::string(name) + "/" + std::to_string(producers), all / tasks);
}

/// Calls `produce(i)` on so many threads; on this one if it is one.
template <class Produce>
void on_threads(int count, Produce produce) {
  if (count == 1) return produce(0);
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(produce, i);
  for (auto& t : threads) t.join();
}

/// Each producer submits so many tasks, waits for their results, and begins again.
template <class Library>
void submit_and_get(Library& library, const char* name, int producers, int at_once, int tasks) {
  const auto began = clock::now();
  const int rounds = tasks / producers / at_once;
  on_threads(producers, [&](int) {
    using future = decltype(library.submit([] { return 1; }));
    long sum = 0;
    std::vector<future> futures;
    futures.reserve(static_cast<std::size_t>(at_once));
    for (int i = 0; i < rounds; ++i) {
      for (int k = 0; k < at_once; ++k) futures.push_back(library.submit([] { return 1; }));
      for (future& f : futures) sum += f.get();
      futures.clear();
    }
    if (sum != static_cast<long>(rounds) * at_once) wrong(name);
  });
  say(std::string(name) + "/" + std::to_string(producers), nanoseconds_since(began) / (rounds * at_once * producers));
}

template <class Library>
int run(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : static_cast<int>(std::thread::hardware_concurrency());
  const int microsecond = rounds_for_a_microsecond();
  Library library(threads);
  library.flood(1, 1000, [] {});  // its threads are there
  const int fewer = Library::starts_threads ? 50 : 1;
  for (const int producers : {1, 4}) {
    flood(library, "empty", producers, 0, 400000 / fewer);
    flood(library, "1us", producers, microsecond, 100000 / fewer);
    flood(library, "10us", producers, 10 * microsecond, 20000 / (Library::starts_threads ? 10 : 1));
    flood(library, "100us", producers, 100 * microsecond, 2000);
    if constexpr (Library::submits) {
      submit_and_get(library, "submit", producers, 1, 40000 / fewer);
      submit_and_get(library, "submit-100", producers, 100, 200000 / fewer);
    }
  }
  if constexpr (Library::forks) {
    const auto began = clock::now();
    if (library.fib(fib_of) != 196418) wrong("fib");
    say("fib", nanoseconds_since(began) / fib_calls);
  }
  {
    std::vector<double> in(map_items, 2.0), out(map_items);
    const auto began = clock::now();
    library.map(in, out);
    const double all = nanoseconds_since(began);
    for (const double d : out)
      if (d != std::sqrt(2.0)) wrong("map");
    say("map", all / map_items);
  }
  if constexpr (Library::hands_off) {
    constexpr int count = 2000;
    const auto began = clock::now();
    for (int i = 0; i < count; ++i) library.hand_off();
    say("hand-off", nanoseconds_since(began) / count);
  }
  return 0;
}

}  // namespace cases

// SPDX-License-Identifier: Apache-2.0
// What it costs to ask which threads there are.
#include <benchmark/benchmark.h>
#include <curfew/registry.hpp>
#include <curfew/thread.hpp>

#include <semaphore>
#include <stop_token>
#include <vector>

namespace {

/// Threads that are there and do nothing.
class crowd {
 public:
  explicit crowd(std::size_t size) {
    threads_.reserve(size);
    for (std::size_t i = 0; i < size; ++i) threads_.emplace_back([this] { end_.acquire(); });
  }
  ~crowd() { end_.release(static_cast<std::ptrdiff_t>(threads_.size())); }
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;

 private:
  std::counting_semaphore<> end_{0};
  std::vector<curfew::jthread> threads_;
};

void enumerate(benchmark::State& state) {
  const crowd threads(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(curfew::enumerate());
}

void counts(benchmark::State& state) {
  const crowd threads(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(curfew::counts());
}

void current(benchmark::State& state) {
  const crowd threads(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(curfew::current());
}

BENCHMARK(enumerate)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(counts)->Arg(1000);
BENCHMARK(current)->Arg(1000);

}  // namespace

BENCHMARK_MAIN();

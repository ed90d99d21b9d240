// SPDX-License-Identifier: Apache-2.0
// What it costs to start a thread that does nothing, and to join it.
#include "bare_clone.hpp"

#include <benchmark/benchmark.h>
#include <curfew/thread.hpp>

#ifdef WITH_BOOST_THREAD
#include <boost/thread/thread.hpp>
#endif

#include <pthread.h>

#include <system_error>
#include <thread>

namespace {

template <class Thread>
void start_join(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    Thread t([] {});
    t.join();
  }
}

void start_join_pthread(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    pthread_t t;
    if (const int error = ::pthread_create(
            &t, nullptr, [](void*) -> void* { return nullptr; }, nullptr))
      throw std::system_error(error, std::generic_category(), "pthread_create");
    ::pthread_join(t, nullptr);
  }
}

void start_join_clone(benchmark::State& state) {
  bare_clone t;
  for ([[maybe_unused]] auto _ : state) {
    t.start([](void*) { return 0; });
    t.join();
  }
}

void start_join_options(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    curfew::jthread t({.name = "flusher", .daemon = true}, [] {});
    t.join();
  }
}

BENCHMARK(start_join_clone)->Name("clone")->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(start_join_pthread)->Name("pthread_create")->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(start_join<std::thread>)->Name("std::thread")->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(start_join<std::jthread>)->Name("std::jthread")->MeasureProcessCPUTime()->UseRealTime();
#ifdef WITH_BOOST_THREAD
BENCHMARK(start_join<boost::thread>)->Name("boost::thread")->MeasureProcessCPUTime()->UseRealTime();
#endif
BENCHMARK(start_join<curfew::thread>)->Name("curfew::thread")->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(start_join<curfew::jthread>)->Name("curfew::jthread")->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(start_join_options)->Name("curfew::jthread, named daemon")->MeasureProcessCPUTime()->UseRealTime();

}  // namespace

BENCHMARK_MAIN();

// SPDX-License-Identifier: Apache-2.0
// What an uncontended lock and unlock cost. Built twice, without curfew::lock_tracking and with it; the one in a
// program with a second thread, as without one the C library takes short cuts that programs with threads do not have.
#include <benchmark/benchmark.h>
#include <curfew/thread.hpp>

#include <pthread.h>

#include <semaphore>

namespace {

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

void mutex_pair(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    ::pthread_mutex_lock(&mutex);
    benchmark::ClobberMemory();
    ::pthread_mutex_unlock(&mutex);
  }
}

void rwlock_read_pair(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    ::pthread_rwlock_rdlock(&rwlock);
    benchmark::ClobberMemory();
    ::pthread_rwlock_unlock(&rwlock);
  }
}

BENCHMARK(mutex_pair);
BENCHMARK(rwlock_read_pair);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  std::binary_semaphore end(0);
  const curfew::jthread second([&end] { end.acquire(); });
  benchmark::RunSpecifiedBenchmarks();
  end.release();
}

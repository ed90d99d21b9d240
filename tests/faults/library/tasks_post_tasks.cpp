// SPDX-License-Identifier: Apache-2.0
// A pool of a block is destroyed while its tasks hand over others: a hundred in a row, two that wait for each other's
// results, tasks of kind skip. Right: all are run. After shutdown() they are refused, as before.
#include <curfew/curfew.hpp>

#include <chrono>
#include <cstdio>
#include <thread>

using namespace std::chrono_literals;

static int ran = 0;
static void again(curfew::thread_pool& pool, int left) {
  ++ran;
  if (left > 1) pool.post([&pool, left] { again(pool, left - 1); });
}

int main() {
  {
    curfew::thread_pool pool({.workers = 1});
    pool.post([&] {
      std::this_thread::sleep_for(10ms);
      again(pool, 100);
    });
  }
  std::printf("in a row: %d\n", ran);
  {
    curfew::thread_pool pool({.workers = 2});
    pool.post([&] {
      std::this_thread::sleep_for(20ms);
      std::printf("waited for: %d\n", pool.submit([] { return 7; }).get());
    });
  }
  {
    curfew::thread_pool pool({.workers = 1});
    pool.post([&] {
      std::this_thread::sleep_for(10ms);
      const bool taken = pool.post(curfew::at_exit::skip, [] { std::puts("skip: run"); });
      std::printf("skip: %s\n", taken ? "taken" : "dropped");
      std::printf("abandon: %s\n", pool.post(curfew::at_exit::abandon, [] {}) ? "taken" : "dropped");
    });
  }
  {
    curfew::thread_pool pool({.workers = 1});
    pool.post([&] {
      std::this_thread::sleep_for(20ms);
      try {
        pool.post([] {});
      } catch (const curfew::pool_closed&) {
        std::puts("refused");
      }
    });
    pool.shutdown({.wait = false});
  }
}

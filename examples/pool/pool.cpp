// SPDX-License-Identifier: Apache-2.0
// A pool whose tasks each say what the end of the program does with them.
#include <curfew/pool.hpp>

#include <chrono>
#include <cstdio>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

int main() {
  static curfew::thread_pool pool({.name = "work", .workers = 2});

  // A result, as from std::async; but the future's destructor never blocks.
  curfew::future<int> sum = pool.submit([](int a, int b) { return a + b; }, 20, 22);
  std::printf("sum: %d\n", sum.get());

  // All items in parallel, results in the order of the items.
  const std::vector<std::string> names{"one", "three", "fifteen"};
  const std::vector<std::size_t> lengths = pool.map(names, [](const std::string& s) { return s.size(); });
  std::printf("lengths: %zu\n", std::accumulate(lengths.begin(), lengths.end(), std::size_t{0}));

  // Frozen by the exit where it stands, like a daemon.
  pool.post(curfew::at_exit::abandon, [] {
    for (;;) std::this_thread::sleep_for(1s);
  });
  // Waited for, however long they queue: the default.
  for (int i = 0; i < 3; ++i)
    pool.post([] {
      std::this_thread::sleep_for(50ms);
      std::puts("an order is shipped");
    });
  // Dropped if the end comes before it begins; it stands behind the orders in the queue.
  pool.post(curfew::at_exit::skip, [] { std::puts("cache: refreshed"); });

  std::puts("main: returns");
}

// SPDX-License-Identifier: Apache-2.0
// Threads that end with a block, and whose first exception arrives in the block.
#include <curfew/thread.hpp>

#include <cstdio>
#include <numeric>
#include <stdexcept>
#include <vector>

static long sum_of(const std::vector<int>& numbers) {
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  long left = 0, right = 0;
  curfew::thread_scope scope;
  scope.start([&] { left = std::accumulate(numbers.begin(), middle, 0L); });
  scope.start([&] { right = std::accumulate(middle, numbers.end(), 0L); });
  scope.join();  // both have ended: the locals that they used are safe
  return left + right;
}

static void load_both() {
  curfew::thread_scope scope;
  scope.start({.name = "loader"}, [] { throw std::runtime_error("no such file"); });
  scope.start([](std::stop_token) {
    while (curfew::this_thread::sleep_for(std::chrono::hours(1))) {
    }
  });
  scope.request_stop();
  scope.join();  // waits for both, then throws what left the first
}

int main() {
  std::vector<int> numbers(1000);
  std::iota(numbers.begin(), numbers.end(), 1);
  std::printf("sum: %ld\n", sum_of(numbers));
  try {
    load_both();
  } catch (const std::exception& e) {
    std::printf("caught: %s\n", e.what());
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

#include <curfew/pool.hpp>

namespace {

struct library {
  static constexpr bool forks = true, hands_off = true, submits = true, starts_threads = false;
  curfew::thread_pool pool;

  explicit library(int threads) : pool({.workers = threads}) {}

  template <class Task>
  void flood(int producers, int each, Task task) {
    cases::on_threads(producers, [&](int) {
      for (int i = 0; i < each; ++i) pool.post(task);
    });
    pool.wait_idle();
  }
  long fib(int n) {
    if (n < 2) return n;
    long a, b;
    pool.invoke([&] { a = fib(n - 1); }, [&] { b = fib(n - 2); });
    return a + b;
  }
  void map(const std::vector<double>& in, std::vector<double>& out) {
    out = pool.map(in, [](double d) { return std::sqrt(d); });
  }
  template <class Task>
  auto submit(Task task) {
    return pool.submit(task);
  }
  void hand_off() {
    curfew::recycle([] {}).get();
  }
};

}  // namespace

int main(int argc, char** argv) { return cases::run<library>(argc, argv); }

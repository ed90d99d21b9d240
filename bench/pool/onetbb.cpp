// SPDX-License-Identifier: Apache-2.0
// The submitting thread is one of the threads: it works while it waits.
#include "cases.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_invoke.h>
#include <tbb/task_group.h>

namespace {

struct library {
  static constexpr bool forks = true, hands_off = false, submits = false, starts_threads = false;
  tbb::global_control control;

  explicit library(int threads)
      : control(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads)) {}

  template <class Task>
  void flood(int producers, int each, Task task) {
    cases::on_threads(producers, [&](int) {
      tbb::task_group group;
      for (int i = 0; i < each; ++i) group.run(task);
      group.wait();
    });
  }
  long fib(int n) {
    if (n < 2) return n;
    long a, b;
    tbb::parallel_invoke([&] { a = fib(n - 1); }, [&] { b = fib(n - 2); });
    return a + b;
  }
  void map(const std::vector<double>& in, std::vector<double>& out) {
    out = std::vector<double>(in.size());  // as ours makes its result
    tbb::parallel_for(std::size_t{0}, in.size(), [&](std::size_t i) { out[i] = std::sqrt(in[i]); });
  }
};

}  // namespace

int main(int argc, char** argv) { return cases::run<library>(argc, argv); }

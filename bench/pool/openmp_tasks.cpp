// SPDX-License-Identifier: Apache-2.0
// The submitting threads are of the team: they work while they wait.
#include "cases.hpp"

#include <omp.h>

namespace {

struct library {
  static constexpr bool forks = true, hands_off = false, submits = false, starts_threads = false;
  int threads;

  explicit library(int t) : threads(t) {}

  template <class Task>
  void flood(int producers, int each, Task task) {
#pragma omp parallel num_threads(producers == 1 ? threads : producers)
    if (producers != 1 || omp_get_thread_num() == 0) {
      for (int i = 0; i < each; ++i) {
#pragma omp task firstprivate(task)
        task();
      }
    }
  }
  static long divide(int n) {
    if (n < 2) return n;
    long a, b;
#pragma omp task shared(a)
    a = divide(n - 1);
    b = divide(n - 2);
#pragma omp taskwait
    return a + b;
  }
  long fib(int n) {
    long result = 0;
#pragma omp parallel num_threads(threads)
#pragma omp single
    result = divide(n);
    return result;
  }
  void map(const std::vector<double>& in, std::vector<double>& out) {
    out = std::vector<double>(in.size());  // as ours makes its result
#pragma omp parallel num_threads(threads)
#pragma omp single
#pragma omp taskloop
    for (std::size_t i = 0; i < in.size(); ++i) out[i] = std::sqrt(in[i]);
  }
};

}  // namespace

int main(int argc, char** argv) { return cases::run<library>(argc, argv); }

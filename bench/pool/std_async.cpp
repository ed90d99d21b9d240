// SPDX-License-Identifier: Apache-2.0
// std::async starts a thread for each task. What it has no way to bound is given fewer tasks; fib would need more
// threads than there are.
#include "cases.hpp"

#include <future>

namespace {

struct library {
  static constexpr bool forks = false, hands_off = true, submits = true, starts_threads = true;
  int threads;

  explicit library(int t) : threads(t) {}

  template <class Task>
  void flood(int producers, int each, Task task) {
    cases::on_threads(producers, [&](int) {
      std::vector<std::future<void>> futures;
      for (int i = 0; i < each; ++i) {
        futures.push_back(std::async(std::launch::async, task));
        if (futures.size() == 100) futures.clear();
      }
    });
  }
  void map(const std::vector<double>& in, std::vector<double>& out) {
    out = std::vector<double>(in.size());  // as ours makes its result
    std::vector<std::future<void>> futures;
    const std::size_t part = in.size() / static_cast<std::size_t>(threads);
    for (int t = 0; t < threads; ++t)
      futures.push_back(std::async(std::launch::async, [&, t] {
        const std::size_t first = static_cast<std::size_t>(t) * part;
        const std::size_t last = t == threads - 1 ? in.size() : first + part;
        for (std::size_t i = first; i < last; ++i) out[i] = std::sqrt(in[i]);
      }));
  }
  template <class Task>
  auto submit(Task task) {
    return std::async(std::launch::async, task);
  }
  void hand_off() {
    std::async(std::launch::async, [] {}).get();
  }
};

}  // namespace

int main(int argc, char** argv) { return cases::run<library>(argc, argv); }

// SPDX-License-Identifier: Apache-2.0
// A thread of its own for each task, what pools are there to avoid: up to 100 at a time, and so it is given fewer
// tasks.
#include "cases.hpp"

namespace {

struct library {
  static constexpr bool forks = false, hands_off = true, submits = false, starts_threads = true;
  int threads;

  explicit library(int t) : threads(t) {}

  template <class Task>
  void flood(int producers, int each, Task task) {
    cases::on_threads(producers, [&](int) {
      std::vector<std::jthread> running;
      for (int i = 0; i < each; ++i) {
        running.emplace_back(task);
        if (running.size() == 100) running.clear();
      }
    });
  }
  void map(const std::vector<double>& in, std::vector<double>& out) {
    out = std::vector<double>(in.size());  // as ours makes its result
    std::vector<std::jthread> running;
    const std::size_t part = in.size() / static_cast<std::size_t>(threads);
    for (int t = 0; t < threads; ++t)
      running.emplace_back([&, t] {
        const std::size_t first = static_cast<std::size_t>(t) * part;
        const std::size_t last = t == threads - 1 ? in.size() : first + part;
        for (std::size_t i = first; i < last; ++i) out[i] = std::sqrt(in[i]);
      });
  }
  void hand_off() {
    std::jthread([] {}).join();
  }
};

}  // namespace

int main(int argc, char** argv) { return cases::run<library>(argc, argv); }

// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

#include <taskflow/algorithm/for_each.hpp>
#include <taskflow/taskflow.hpp>

namespace {

struct library {
  static constexpr bool forks = false, hands_off = false, submits = true, starts_threads = false;
  tf::Executor executor;

  explicit library(int threads) : executor(static_cast<std::size_t>(threads)) {}

  template <class Task>
  void flood(int producers, int each, Task task) {
    cases::on_threads(producers, [&](int) {
      for (int i = 0; i < each; ++i) executor.silent_async(task);
    });
    executor.wait_for_all();
  }
  void map(const std::vector<double>& in, std::vector<double>& out) {
    out = std::vector<double>(in.size());  // as ours makes its result
    tf::Taskflow all;
    all.for_each_index(std::size_t{0}, in.size(), std::size_t{1}, [&](std::size_t i) { out[i] = std::sqrt(in[i]); });
    executor.run(all).wait();
  }
  template <class Task>
  auto submit(Task task) {
    return executor.async(task);
  }
};

}  // namespace

int main(int argc, char** argv) { return cases::run<library>(argc, argv); }

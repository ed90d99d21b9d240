// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

#include <BS_thread_pool.hpp>

namespace {

struct library {
  static constexpr bool forks = false, hands_off = false, submits = true, starts_threads = false;
  BS::thread_pool<> pool;

  explicit library(int threads) : pool(static_cast<std::size_t>(threads)) {}

  template <class Task>
  void flood(int producers, int each, Task task) {
    cases::on_threads(producers, [&](int) {
      for (int i = 0; i < each; ++i) pool.detach_task(task);
    });
    pool.wait();
  }
  void map(const std::vector<double>& in, std::vector<double>& out) {
    out = std::vector<double>(in.size());  // as ours makes its result
    pool.detach_loop(std::size_t{0}, in.size(), [&](std::size_t i) { out[i] = std::sqrt(in[i]); });
    pool.wait();
  }
  template <class Task>
  auto submit(Task task) {
    return pool.submit_task(task);
  }
};

}  // namespace

int main(int argc, char** argv) { return cases::run<library>(argc, argv); }

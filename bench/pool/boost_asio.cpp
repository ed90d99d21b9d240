// SPDX-License-Identifier: Apache-2.0
// A thread_pool has no way to wait for its tasks but to be joined, which ends it: they are counted.
#include "cases.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>

namespace {

struct library {
  static constexpr bool forks = false, hands_off = false, submits = false, starts_threads = false;
  boost::asio::thread_pool pool;
  int threads;

  explicit library(int t) : pool(static_cast<std::size_t>(t)), threads(t) {}

  template <class Task>
  void flood(int producers, int each, Task task) {
    std::atomic<int> left{producers * each};
    cases::on_threads(producers, [&](int) {
      for (int i = 0; i < each; ++i)
        boost::asio::post(pool, [task, &left] {
          task();
          if (left.fetch_sub(1) == 1) left.notify_one();
        });
    });
    for (int n = left; n != 0; n = left) left.wait(n);
  }
  void map(const std::vector<double>& in, std::vector<double>& out) {
    out = std::vector<double>(in.size());  // as ours makes its result
    const std::size_t part = in.size() / static_cast<std::size_t>(16 * threads) + 1;
    flood(1, 16 * threads, [&, next = std::make_shared<std::atomic<std::size_t>>(0)] {
      const std::size_t first = std::min(in.size(), next->fetch_add(part));
      const std::size_t last = std::min(in.size(), first + part);
      for (std::size_t i = first; i < last; ++i) out[i] = std::sqrt(in[i]);
    });
  }
};

}  // namespace

int main(int argc, char** argv) { return cases::run<library>(argc, argv); }

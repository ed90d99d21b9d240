// SPDX-License-Identifier: Apache-2.0
#include <curfew/pool.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>
#include <support/wait.hpp>

#include <atomic>
#include <future>
#include <set>
#include <vector>

using curfew::at_exit;
using curfew::recycle;
using curfew_test::eventually;
using namespace std::chrono_literals;

TEST(Recycle, uses_a_worker_again) {
  std::set<std::uint64_t> workers;
  for (int i = 0; i < 50; ++i) {
    curfew::detail::recycling_pool().wait_idle();
    workers.insert(recycle([] { return curfew::this_thread::info().number; }).get());
  }
  EXPECT_EQ(workers.size(), 1U);
}

TEST(Recycle, never_waits_for_another) {
  constexpr int count = 40;
  std::atomic<int> there{0};
  std::vector<std::future<bool>> all;
  for (int i = 0; i < count; ++i)
    all.push_back(recycle([&] {
      ++there;
      return eventually([&] { return there == count; });
    }));
  for (auto& f : all) EXPECT_TRUE(f.get());
}

TEST(Recycle, is_a_thread_of_its_kind) {
  EXPECT_FALSE(recycle([] { return curfew::this_thread::is_daemon(); }).get());
  EXPECT_TRUE(recycle(at_exit::abandon, [] { return curfew::this_thread::is_daemon(); }).get());
}

// What is documented as shared with the last user of the worker.
TEST(Recycle, thread_locals_stay) {
  static thread_local int left = 0;
  const auto number = [] { return curfew::this_thread::info().number; };
  const bool met = eventually([&] {  // which parked worker is taken is nobody's business
    const auto first = recycle([&] { return left = 1, number(); }).get();
    curfew::detail::recycling_pool().wait_idle();
    const auto [second, found] = recycle([&] { return std::pair(number(), left); }).get();
    return first == second && found == 1;
  });
  EXPECT_TRUE(met);
}

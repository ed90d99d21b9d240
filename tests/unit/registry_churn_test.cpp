// SPDX-License-Identifier: Apache-2.0
// The registry while threads come and go on all sides.
#include <curfew/registry.hpp>
#include <curfew/thread.hpp>

#include <support/proc.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

using curfew_test::eventually;

TEST(RegistryChurn, readers_see_whole_entries) {
  const auto before = curfew::counts().started;
  std::set<std::uint64_t> others{0};  // main, and idle workers of earlier tests
  for (const auto& info : curfew::enumerate()) others.insert(info.number);
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::jthread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto all = curfew::enumerate();
        std::set<std::uint64_t> numbers;
        for (const auto& info : all) {
          numbers.insert(info.number);
          const bool known = others.contains(info.number) || info.kind == curfew::thread_kind::foreign ||
                             info.name == (info.daemon ? "churn-daemon" : "churn-regular");
          if (!known || info.state == curfew::thread_state::ended) ++wrong;
        }
        if (numbers.size() != all.size() || !std::ranges::is_sorted(all, {}, &curfew::thread_info::number)) ++wrong;
        std::this_thread::yield();
      }
    });
  }
  {
    std::vector<std::jthread> makers;
    for (int m = 0; m < 2; ++m) {
      makers.emplace_back([] {
        for (int i = 0; i < 300; ++i) {
          curfew::thread t({.name = i % 2 == 0 ? "churn-daemon" : "churn-regular", .daemon = i % 2 == 0}, [] {});
          if (i % 3 == 0) t.join();
        }
      });
    }
  }
  stop = true;
  readers.clear();
  EXPECT_EQ(wrong, 0);
  EXPECT_TRUE(eventually([&] {
    return std::ranges::all_of(curfew::enumerate(), [&](const auto& info) { return others.contains(info.number); });
  }));
  EXPECT_EQ(curfew::counts().started, before + 600);
}

TEST(RegistryChurn, a_joined_thread_is_never_listed) {
  std::atomic<bool> stop{false};
  std::jthread noise([&] {
    while (!stop) curfew::thread([] {}).join();
  });
  int listed = 0;
  for (int i = 0; i < 300; ++i) {
    curfew::thread t([] {});
    const auto number = t.info().number;
    t.join();
    const auto all = curfew::enumerate();
    if (std::ranges::find(all, number, &curfew::thread_info::number) != all.end()) ++listed;
  }
  stop = true;
  noise.join();
  EXPECT_EQ(listed, 0);
}

TEST(RegistryChurn, active_count_is_what_enumerate_lists) {
  ASSERT_TRUE(eventually([] { return curfew::active_count() == 1; }));  // idle workers of earlier tests are gone
  curfew_test::gate end;
  std::vector<curfew::jthread> threads;
  for (std::size_t i = 1; i <= 100; ++i) {
    threads.emplace_back([&] { end.wait(); });
    ASSERT_EQ(curfew::active_count(), i + 1);
    ASSERT_EQ(curfew::enumerate().size(), i + 1);
  }
  end.open();
  threads.clear();
  EXPECT_GE(curfew::counts().peak, 101U);
}

TEST(RegistryChurn, threads_that_nobody_joins_leave_nothing_behind) {
  const auto kernel_before = curfew_test::kernel_threads();
  for (int i = 0; i < 500; ++i) curfew::thread([] {}).detach();
  EXPECT_TRUE(eventually([] { return curfew::active_count() == 1; }));
  EXPECT_TRUE(eventually([&] { return curfew_test::kernel_threads() == kernel_before; }));
  EXPECT_EQ(curfew::enumerate().size(), 1U);
}

TEST(RegistryChurn, foreign_threads_come_and_go) {
  for (int i = 0; i < 200; ++i) {
    std::thread foreign([] { (void)curfew::current(); });
    foreign.join();
  }
  EXPECT_TRUE(eventually([] { return curfew::active_count() == 1; }));
}

TEST(RegistryChurn, no_thread_is_lost_between_daemons_and_regulars) {
  const auto before = curfew::counts().started;
  std::vector<std::jthread> makers;
  std::atomic<int> ran{0};
  for (int m = 0; m < 4; ++m) {
    makers.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        curfew::thread outer({.daemon = i % 2 == 0}, [&] {
          curfew::thread inner([&] { ++ran; });
          inner.join();
        });
        outer.join();
      }
    });
  }
  makers.clear();
  EXPECT_EQ(ran, 400);
  EXPECT_EQ(curfew::counts().started, before + 800);
  EXPECT_EQ(curfew::counts().live, 1U);
}

}  // namespace

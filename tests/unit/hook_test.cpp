// SPDX-License-Identifier: Apache-2.0
// Registering hooks. What the exit does with them: lifetime/hooks_*.cpp.
#include <curfew/exit.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <system_error>
#include <thread>
#include <vector>

namespace {

TEST(Hook, ids_are_distinct) {
  std::set<curfew::hook_id> ids;
  for (int i = 0; i < 10; ++i) {
    ids.insert(curfew::before_wait("before", [] {}));
    ids.insert(curfew::after_wait("after", [] {}));
  }
  EXPECT_EQ(ids.size(), 20U);
  for (const auto id : ids) EXPECT_TRUE(curfew::remove_hook(id));
}

TEST(Hook, removing_works_once) {
  const auto id = curfew::before_wait("once", [] {});
  EXPECT_TRUE(curfew::remove_hook(id));
  EXPECT_FALSE(curfew::remove_hook(id));
}

TEST(Hook, removing_what_never_was_is_false) {
  EXPECT_FALSE(curfew::remove_hook(curfew::hook_id{0}));
  EXPECT_FALSE(curfew::remove_hook(curfew::hook_id{~std::uint64_t{0}}));
}

TEST(Hook, an_empty_function_is_refused) {
  for (const auto add : {&curfew::before_wait, &curfew::after_wait}) {
    try {
      add("empty", {});
      ADD_FAILURE() << "accepted";
    } catch (const std::system_error& e) {
      EXPECT_EQ(e.code(), std::errc::invalid_argument);
    }
  }
}

TEST(Hook, a_name_with_a_nul_in_it_is_refused) {
  for (const auto add : {&curfew::before_wait, &curfew::after_wait}) {
    try {
      (*add)(std::string_view("a\0b", 3), [] {});
      ADD_FAILURE() << "accepted";
    } catch (const std::system_error& e) {
      EXPECT_EQ(e.code(), std::errc::invalid_argument);
    }
  }
}

TEST(Hook, a_removed_one_lets_go_of_what_it_held) {
  auto held = std::make_shared<int>(1);
  const auto id = curfew::after_wait("holds", [held] { (void)held; });
  EXPECT_EQ(held.use_count(), 2);
  EXPECT_TRUE(curfew::remove_hook(id));
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Hook, adding_and_removing_on_many_threads) {
  std::atomic<int> removed{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) {
          const auto id = curfew::before_wait("busy", [] { ADD_FAILURE() << "was removed"; });
          if (curfew::remove_hook(id)) ++removed;
        }
      });
    }
  }
  EXPECT_EQ(removed, 2000);
}

}  // namespace

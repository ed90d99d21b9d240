// SPDX-License-Identifier: Apache-2.0
// Shields while the program runs. What they hold up: lifetime/shield_*.cpp.
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <thread>
#include <type_traits>

namespace {

static_assert(!std::is_copy_constructible_v<curfew::shield> && !std::is_move_constructible_v<curfew::shield>);
static_assert(std::is_nothrow_default_constructible_v<curfew::shield>);
static_assert(!std::is_convertible_v<curfew::shield, bool>);

TEST(Shield, opens_on_threads_of_every_kind) {
  bool main = false;
  bool regular = false;
  bool daemon = false;
  bool foreign = false;
  const auto try_to_open = [](bool& open) {
    const curfew::shield s;
    open = static_cast<bool>(s);
  };
  try_to_open(main);
  curfew::thread(try_to_open, std::ref(regular)).join();
  curfew::thread({.daemon = true}, try_to_open, std::ref(daemon)).join();
  std::thread(try_to_open, std::ref(foreign)).join();
  EXPECT_TRUE(main);
  EXPECT_TRUE(regular);
  EXPECT_TRUE(daemon);
  EXPECT_TRUE(foreign);
}

TEST(Shield, opens_inside_another_and_again) {
  for (int i = 0; i < 3; ++i) {
    const curfew::shield outer;
    const curfew::shield inner;
    EXPECT_TRUE(outer);
    EXPECT_TRUE(inner);
  }
}

}  // namespace

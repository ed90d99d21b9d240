// SPDX-License-Identifier: Apache-2.0
// Declaring phases and adding to them. What the exit does with them: lifetime/hooks/hook_phases.cpp.
#include <curfew/hook_phases.hpp>

#include <gtest/gtest.h>

#include <string>
#include <system_error>

namespace {

using namespace std::chrono_literals;

template <class Call>
void expect_refused(std::errc why, const char* what, Call call) {
  try {
    call();
    ADD_FAILURE() << "accepted: " << what;
  } catch (const std::system_error& e) {
    EXPECT_EQ(e.code(), why);
    EXPECT_NE(std::string(e.what()).find(what), std::string::npos) << e.what();
  }
}

TEST(HookPhases, are_declared_once_and_named_when_one_is_unknown) {
  const auto invalid = std::errc::invalid_argument;
  expect_refused(invalid, "no hook phase is declared", [] { curfew::in_phase("storage", "journal", [] {}); });
  expect_refused(invalid, "at least one phase", [] { curfew::set_hook_phases({}); });
  expect_refused(invalid, "must not be empty", [] { curfew::set_hook_phases({{""}}); });
  expect_refused(invalid, "declared twice", [] { curfew::set_hook_phases({{"a"}, {"b"}, {"a"}}); });
  expect_refused(invalid, "must not be negative", [] { curfew::set_hook_phases({{"a", -1ms}}); });
  expect_refused(invalid, "NUL", [] { curfew::set_hook_phases({{std::string("a\0b", 3)}}); });
  curfew::set_hook_phases({{"listeners", 5s}, {"storage"}});
  expect_refused(std::errc::operation_not_permitted, "declared before", [] { curfew::set_hook_phases({{"a"}}); });
  expect_refused(invalid, R"(unknown hook phase "storge"; declared are "listeners", "storage")",
                 [] { curfew::in_phase("storge", "journal", [] {}); });
  expect_refused(invalid, "empty function", [] { curfew::in_phase("storage", "journal", {}); });
  expect_refused(invalid, "NUL", [] { curfew::in_phase("storage", std::string_view("a\0b", 3), [] {}); });
  const auto one = curfew::in_phase("storage", "journal", [] {});
  const auto other = curfew::in_phase("listeners", "http", [] {});
  EXPECT_NE(one, other);
  EXPECT_TRUE(curfew::remove_hook(one));
  EXPECT_FALSE(curfew::remove_hook(one));
  EXPECT_TRUE(curfew::remove_hook(other));
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// The errors that are curfew's own.
#include <curfew/error.hpp>

#include <gtest/gtest.h>

#include <string>
#include <system_error>

namespace {

TEST(Error, exit_in_progress_is_a_system_error) {
  try {
    throw curfew::exit_in_progress("too late for that");
  } catch (const std::system_error& e) {
    EXPECT_EQ(e.code(), std::errc::operation_canceled);
    EXPECT_NE(std::string(e.what()).find("too late for that"), std::string::npos) << e.what();
  }
}

TEST(Error, thread_exit_says_what_it_is) {
  const curfew::thread_exit e;
  const std::exception& base = e;
  EXPECT_GT(std::string(base.what()).size(), 0U);
}

}  // namespace

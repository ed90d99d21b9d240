// SPDX-License-Identifier: Apache-2.0
#include <curfew/version.hpp>

#include <gtest/gtest.h>

#include <string>

TEST(Version, of_the_headers_the_library_and_the_build_is_the_same) {
  EXPECT_STREQ(curfew::library_version(), CURFEW_VERSION_STRING);
  EXPECT_STREQ(BUILD_VERSION, CURFEW_VERSION_STRING);
}

TEST(Version, can_be_compared_by_the_preprocessor) {
#if CURFEW_VERSION >= 100 && CURFEW_VERSION < 1000000
  const bool compared = true;
#else
  const bool compared = false;
#endif
  EXPECT_TRUE(compared);
  EXPECT_EQ(std::to_string(CURFEW_VERSION / 10000) + "." + std::to_string(CURFEW_VERSION / 100 % 100) + "." +
                std::to_string(CURFEW_VERSION % 100),
            CURFEW_VERSION_STRING);
}

// SPDX-License-Identifier: Apache-2.0
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "sample.hpp"

#include <curfew/testing/doctest.hpp>

CURFEW_FAIL_ON_LEAKED_THREADS({.linger = std::chrono::milliseconds(700),
                               .ignore = {"allowed by*", "*allowed_function*"}});

TEST_CASE("joins") {
  sample::joins();
  CHECK(true);
}
TEST_CASE("leaves_a_daemon") { sample::leaves_a_daemon(); }
TEST_CASE("joins_after_that") { sample::joins(); }
TEST_CASE("leaves_a_foreign_thread") { sample::leaves_a_foreign_thread(); }
TEST_CASE("leaves_one_that_ends_soon") { sample::leaves_one_that_ends_soon(); }
TEST_CASE("leaves_one_allowed_by_name") { sample::leaves_one_allowed_by_name(); }
TEST_CASE("leaves_one_allowed_by_function") { sample::leaves_one_allowed_by_function(); }
TEST_CASE("leaves_one_in_a_section") {
  SUBCASE("joins") { sample::joins(); }
  SUBCASE("leaves") {
    SUBCASE("it") { sample::leaves_a_daemon(); }
  }
}

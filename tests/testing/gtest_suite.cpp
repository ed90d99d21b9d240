// SPDX-License-Identifier: Apache-2.0
#include "sample.hpp"

#include <curfew/testing/gtest.hpp>

namespace {

const bool leaks_fail = curfew::testing::fail_on_leaked_threads(
    {.linger = std::chrono::milliseconds(700), .ignore = {"allowed by*", "*allowed_function*"}});

TEST(Suite, joins) { sample::joins(); }
TEST(Suite, leaves_a_daemon) { sample::leaves_a_daemon(); }
TEST(Suite, joins_after_that) { sample::joins(); }
TEST(Suite, leaves_a_foreign_thread) { sample::leaves_a_foreign_thread(); }
TEST(Suite, leaves_one_that_ends_soon) { sample::leaves_one_that_ends_soon(); }
TEST(Suite, leaves_one_allowed_by_name) { sample::leaves_one_allowed_by_name(); }
TEST(Suite, leaves_one_allowed_by_function) { sample::leaves_one_allowed_by_function(); }

/// Its thread lives as long as the suite, and one that is left behind longer.
class Whole : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    worker = curfew::thread({.name = "of the suite"}, [](const std::stop_token& stop) {
      while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    });
    curfew::thread({.name = "left by the suite", .daemon = true}, &sample::wait_here).detach();
  }
  static void TearDownTestSuite() {
    worker.request_stop();
    worker.join();
  }
  inline static curfew::thread worker;
};
TEST_F(Whole, has_a_thread_of_the_suite) { sample::joins(); }

}  // namespace

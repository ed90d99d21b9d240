// SPDX-License-Identifier: Apache-2.0
// GoogleTest: a test that leaves threads behind fails, and says who started them where. In one of the files of the
// tests:
//
//     #include <curfew/testing/gtest.hpp>
//     const bool leaks_fail = curfew::testing::fail_on_leaked_threads();
//
// or in main, before RUN_ALL_TESTS. Threads that a suite starts (SetUpTestSuite) have to end with the suite, those of
// an environment may stay.
#pragma once

#include <curfew/testing/threads_left.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace curfew {
inline namespace v1 {
namespace testing {

class leak_listener : public ::testing::EmptyTestEventListener {
 public:
  explicit leak_listener(leak_options options = {}) : options_(std::move(options)) {}

  void OnTestSuiteStart(const ::testing::TestSuite&) override { suite_.emplace(); }
  void OnTestStart(const ::testing::TestInfo&) override { test_.emplace(); }
  void OnTestEnd(const ::testing::TestInfo& test) override {
    if (report(test_, std::string(test.test_suite_name()) + "." + test.name())) suite_.emplace();  // said once
  }
  void OnTestSuiteEnd(const ::testing::TestSuite& suite) override {
    report(suite_, std::string("the suite ") + suite.name());
  }

 private:
  bool report(std::optional<thread_set>& before, const std::string& who) {
    if (!before) return false;
    const std::string left = before->left_behind(options_);
    before.reset();
    if (left.empty()) return false;
    ADD_FAILURE() << who << " left threads behind:\n" << left;
    return true;
  }

  leak_options options_;
  std::optional<thread_set> suite_, test_;
};

/// Adds the listener. Returns true, so that it can initialise a static.
inline bool fail_on_leaked_threads(leak_options options = {}) {
  ::testing::UnitTest::GetInstance()->listeners().Append(new leak_listener(std::move(options)));
  return true;
}

}  // namespace testing
}  // namespace v1
}  // namespace curfew

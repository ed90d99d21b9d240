// SPDX-License-Identifier: Apache-2.0
// doctest: a test case that leaves threads behind fails, and says who started them where. In one of the files of the
// tests:
//
//     #include <curfew/testing/doctest.hpp>
//     CURFEW_FAIL_ON_LEAKED_THREADS();                        // or, with options:
//     CURFEW_FAIL_ON_LEAKED_THREADS({.ignore = {"grpc_*"}});
//
// A test case that is run again for another subcase is looked at once, at its end. doctest has counted a test case by
// then: it is among the failed ones in the last lines and in the exit status, but a decorator such as should_fail does
// not see it.
#pragma once

#include <curfew/testing/threads_left.hpp>

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace curfew {
inline namespace v1 {
namespace testing {

/// `Options` is a class with a static function `get()`.
template <class Options>
class doctest_leak_listener : public ::doctest::IReporter {
 public:
  explicit doctest_leak_listener(const ::doctest::ContextOptions&) {}

  void test_case_start(const ::doctest::TestCaseData& test) override {
    test_ = &test;
    before_.emplace();
  }
  void test_case_end(const ::doctest::CurrentTestCaseStats& stats) override {
    if (!before_ || test_ == nullptr) return;
    const std::string left = before_->left_behind(Options::get());
    before_.reset();
    if (left.empty()) return;
    const std::string text = std::string(test_->m_name) + " left threads behind:\n" + left;
    ADD_FAIL_CHECK_AT(file_of(*test_), static_cast<int>(test_->m_line), ::doctest::String(text.c_str()));
    ++checks_;
    if (stats.testCaseSuccess) ++cases_;
  }
  void test_run_end(const ::doctest::TestRunStats& stats) override {
    // doctest's own, which is no constant.
    auto& all = const_cast<::doctest::TestRunStats&>(stats);
    all.numTestCasesFailed += cases_;
    all.numAsserts += static_cast<int>(checks_);
    all.numAssertsFailed += static_cast<int>(checks_);
  }

  void report_query(const ::doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_case_reenter(const ::doctest::TestCaseData&) override {}
  void test_case_exception(const ::doctest::TestCaseException&) override {}
  void subcase_start(const ::doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const ::doctest::AssertData&) override {}
  void log_message(const ::doctest::MessageData&) override {}
  void test_case_skipped(const ::doctest::TestCaseData&) override {}

 private:
  /// A text of doctest's own, or a plain one, depending on its version.
  template <class Test>
  static const char* file_of(const Test& test) {
    if constexpr (requires { test.m_file.c_str(); })
      return test.m_file.c_str();
    else
      return test.m_file;
  }

  const ::doctest::TestCaseData* test_ = nullptr;
  std::optional<thread_set> before_;
  unsigned cases_ = 0, checks_ = 0;
};

}  // namespace testing
}  // namespace v1
}  // namespace curfew

#define CURFEW_FAIL_ON_LEAKED_THREADS(...)                                                                     \
  namespace {                                                                                                  \
  struct curfew_leak_options {                                                                                 \
    static curfew::testing::leak_options given(curfew::testing::leak_options options = {}) { return options; } \
    static curfew::testing::leak_options get() { return given(__VA_ARGS__); }                                  \
  };                                                                                                           \
  using curfew_leak_listener = curfew::testing::doctest_leak_listener<curfew_leak_options>;                    \
  REGISTER_LISTENER("curfew_leaks", 1, curfew_leak_listener);                                                  \
  }                                                                                                            \
  static_assert(true)

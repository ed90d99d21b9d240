// SPDX-License-Identifier: Apache-2.0
// Catch2, versions 2 and 3: a test case that leaves threads behind fails, and says who started them where. In one of
// the files of the tests, which with version 2 is the one that defines CATCH_CONFIG_MAIN or CATCH_CONFIG_RUNNER:
//
//     #include <curfew/testing/catch2.hpp>
//     CURFEW_FAIL_ON_LEAKED_THREADS();                        // or, with options:
//     CURFEW_FAIL_ON_LEAKED_THREADS({.ignore = {"grpc_*"}});
//
// A test case that is run again for another section is looked at each time.
#pragma once

#include <curfew/testing/threads_left.hpp>

#if __has_include(<catch2/reporters/catch_reporter_event_listener.hpp>)
#include <catch2/catch_test_macros.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
#else
#if !defined(CATCH_CONFIG_EXTERNAL_INTERFACES) && !defined(CATCH_CONFIG_MAIN) && !defined(CATCH_CONFIG_RUNNER)
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#endif
#include <catch2/catch.hpp>
#endif

#include <optional>
#include <string>

namespace curfew {
inline namespace v1 {
namespace testing {

#if __has_include(<catch2/reporters/catch_reporter_event_listener.hpp>)
using catch2_listener = Catch::EventListenerBase;
#else
using catch2_listener = Catch::TestEventListenerBase;
#endif

/// `Options` is a class with a static function `get()`.
template <class Options>
class catch2_leak_listener : public catch2_listener {
 public:
  using catch2_listener::catch2_listener;

  void sectionStarting(const Catch::SectionInfo& section) override {
    if (depth_++ == 0) before_.emplace();
    catch2_listener::sectionStarting(section);
  }
  void sectionEnded(const Catch::SectionStats& section) override {
    // The outermost section is the test case itself, which still counts what fails in here.
    if (--depth_ == 0 && before_) {
      const std::string left = before_->left_behind(Options::get());
      before_.reset();
      if (!left.empty()) FAIL_CHECK(section.sectionInfo.name << " left threads behind:\n" << left);
    }
    catch2_listener::sectionEnded(section);
  }

 private:
  int depth_ = 0;
  std::optional<thread_set> before_;
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
  using curfew_leak_listener = curfew::testing::catch2_leak_listener<curfew_leak_options>;                     \
  CATCH_REGISTER_LISTENER(curfew_leak_listener)                                                                \
  }                                                                                                            \
  static_assert(true)

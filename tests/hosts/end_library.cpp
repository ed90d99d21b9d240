// SPDX-License-Identifier: Apache-2.0
// end_library: what keeps a library loaded is waited for, or said, and when all has ended dlclose unmaps it. The rest
// of the program runs on: a thread and a hook of the host's are left alone.
#include <curfew/exit.hpp>
#include <curfew/hook_phases.hpp>
#include <curfew/library.hpp>
#include <curfew/thread.hpp>

#include <support/error_of.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <dlfcn.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using curfew_test::error_of;
using curfew_test::eventually;
using curfew_test::patient;
using namespace std::chrono_literals;

constexpr const char* path = LIBRARY;

class EndLibrary : public testing::Test {
 protected:
  void SetUp() override {
    handle = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(handle, nullptr) << ::dlerror();
    find<void(bool)>("allow")(false);
  }
  void TearDown() override {
    if (handle != nullptr) close();
  }
  template <class Function>
  Function* find(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(handle, name));
  }
  void begin(const char* what) {
    find<void()>(what)();
    EXPECT_TRUE(eventually([&] { return find<bool()>("has_begun")(); }));
  }
  curfew::library_report end(curfew::library_options options = {}) {
    options.daemon_grace = patient(20s);
    return curfew::end_library(handle, options);
  }
  void allow_soon() {
    helper = std::thread([allow = find<void(bool)>("allow")] {
      std::this_thread::sleep_for(30ms);
      allow(true);
    });
  }
  void close() {
    if (helper.joinable()) helper.join();
    ::dlclose(handle);
    handle = nullptr;
  }
  static bool is_loaded() {
    void* const still = ::dlopen(path, RTLD_NOW | RTLD_NOLOAD);
    if (still != nullptr) ::dlclose(still);
    return still != nullptr;
  }
  /// All that have ended, by their names, and that the library is gone once it is closed.
  void expect_ended(const curfew::library_report& report, std::string_view name) {
    EXPECT_TRUE(report.may_be_unloaded());
    EXPECT_EQ(report.ended.size(), name.empty() ? 0U : 1U);
    for (const auto& t : report.ended) EXPECT_EQ(t.name, name);
    close();
    EXPECT_FALSE(is_loaded());
  }

  void* handle = nullptr;
  std::thread helper;
};

TEST_F(EndLibrary, a_library_that_started_nothing_is_unloaded) { expect_ended(end(), ""); }

TEST_F(EndLibrary, a_regular_thread_is_waited_for) {
  begin("regular");
  allow_soon();
  expect_ended(end(), "regular");
}

TEST_F(EndLibrary, a_thread_that_takes_a_token_is_asked) {
  begin("regular_with_a_token");
  expect_ended(end(), "listener");
}

TEST_F(EndLibrary, a_daemon_is_asked_although_it_takes_no_token) {
  begin("obedient_daemon");
  expect_ended(end(), "obedient");
}

TEST_F(EndLibrary, a_daemon_that_does_not_end_keeps_the_library) {
  begin("stubborn_daemon");
  const auto report = curfew::end_library(handle, {.daemon_grace = 20ms});
  EXPECT_FALSE(report.may_be_unloaded());
  ASSERT_EQ(report.left.size(), 1U);
  EXPECT_EQ(report.left[0].name, "stubborn");
  EXPECT_TRUE(report.left[0].daemon);
  EXPECT_TRUE(is_loaded());
  find<void(bool)>("allow")(true);
  expect_ended(end(), "stubborn");
}

TEST_F(EndLibrary, a_limit_ends_the_wait) {
  begin("regular");
  const auto report = curfew::end_library(handle, {.limit = 20ms});
  ASSERT_EQ(report.left.size(), 1U);
  EXPECT_EQ(report.left[0].name, "regular");
  find<void(bool)>("allow")(true);
  expect_ended(end(), "regular");
}

TEST_F(EndLibrary, a_static_handle_does_not_keep_it) {
  begin("static_handle");
  expect_ended(end(), "kept");
}

TEST_F(EndLibrary, a_timer_is_cancelled_and_its_call_waited_for) {
  begin("timer_in_a_call");
  const auto report = curfew::end_library(handle, {.limit = 20ms});
  EXPECT_TRUE(report.still_called && report.left.empty());
  EXPECT_FALSE(report.may_be_unloaded());
  allow_soon();
  expect_ended(end(), "");
}

TEST_F(EndLibrary, a_task_in_a_pool_of_others_is_waited_for) {
  begin("task_in_a_pool_of_others");
  EXPECT_TRUE(curfew::end_library(handle, {.limit = 20ms}).still_called);
  allow_soon();
  expect_ended(end(), "");
}

TEST_F(EndLibrary, an_adopted_thread_is_waited_for) {
  begin("adopted");
  EXPECT_EQ(curfew::end_library(handle, {.limit = 20ms}).left.size(), 1U);
  allow_soon();
  EXPECT_TRUE(end().may_be_unloaded());
  close();
}

std::vector<std::string> said;

TEST_F(EndLibrary, its_hooks_run_and_those_of_others_do_not) {
  const auto others = curfew::before_wait("the host's", [] { said.emplace_back("a hook of the host"); });
  said.clear();
  find<void(void (*)(const char*))>("hooks")([](const char* line) { said.emplace_back(line); });
  expect_ended(end(), "regular");
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[0], "before-wait hook of the library");
  EXPECT_EQ(said[1], "after-wait hook of the library");
  EXPECT_TRUE(curfew::remove_hook(others));
}

TEST_F(EndLibrary, its_hooks_in_phases_run_phase_by_phase) {
  curfew::set_hook_phases({{.name = "listeners"}, {.name = "storage"}});
  const auto others = curfew::in_phase("listeners", "the host's", [] { said.emplace_back("a hook of the host"); });
  said.clear();
  find<void(void (*)(const char*))>("hooks_in_phases")([](const char* line) { said.emplace_back(line); });
  expect_ended(end(), "");
  EXPECT_EQ(said, (std::vector<std::string>{"listeners, added last", "listeners, added first", "storage"}));
  EXPECT_TRUE(curfew::remove_hook(others));
}

TEST_F(EndLibrary, what_its_last_hook_starts_is_ended_too) {
  said.clear();
  find<void(void (*)(const char*))>("last_hook_starts")([](const char* line) { said.emplace_back(line); });
  expect_ended(end(), "late");
  EXPECT_EQ(said, std::vector<std::string>{"late hook"});
}

TEST_F(EndLibrary, threads_of_others_run_on) {
  curfew_test::gate release;
  curfew::thread others([&] { release.wait(); });
  begin("regular_with_a_token");
  expect_ended(end(), "listener");
  EXPECT_TRUE(others.is_alive());
  release.open();
  others.join();
}

TEST_F(EndLibrary, an_address_says_which_library) {
  begin("regular_with_a_token");
  const auto report = curfew::end_library_of(reinterpret_cast<const void*>(find<void()>("regular")));
  expect_ended(report, "listener");
}

void* library_in_call = nullptr;
std::errc error_in_call{};

TEST_F(EndLibrary, a_thread_of_the_library_cannot_end_it) {
  library_in_call = handle;
  find<void(void (*)())>("call")([] { error_in_call = error_of([] { curfew::end_library(library_in_call); }); });
  EXPECT_EQ(error_in_call, std::errc::resource_deadlock_would_occur);
  EXPECT_TRUE(end().may_be_unloaded());
}

TEST_F(EndLibrary, what_cannot_be_is_refused) {
  EXPECT_EQ(error_of([] { curfew::end_library(nullptr); }), std::errc::invalid_argument);
  EXPECT_EQ(error_of([&] { curfew::end_library(handle, {.limit = -1ms}); }), std::errc::invalid_argument);
  EXPECT_EQ(error_of([&] { curfew::end_library(handle, {.daemon_grace = -1ms}); }), std::errc::invalid_argument);
  EXPECT_EQ(error_of([] { curfew::end_library_of(&said); }), std::errc::invalid_argument);
  EXPECT_EQ(error_of([] { curfew::end_library_of(nullptr); }), std::errc::invalid_argument);
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// The options of the exit. What CURFEW_EXIT does to them: curfew_exit_variable.cpp.
#include <curfew/exit.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>
#include <system_error>

namespace {

using namespace std::chrono_literals;
using curfew::exit_options;

class ExitOptions : public testing::Test {
 protected:
  void TearDown() override { curfew::set_exit_options({}); }

  static void expect_refused(const exit_options& options, std::errc code) {
    const auto before = curfew::get_exit_options();
    try {
      curfew::set_exit_options(options);
      ADD_FAILURE() << "accepted";
    } catch (const std::system_error& e) {
      EXPECT_EQ(e.code(), code);
    }
    EXPECT_EQ(curfew::get_exit_options().deadline, before.deadline);
    EXPECT_EQ(curfew::get_exit_options().daemon_grace, before.daemon_grace);
    EXPECT_EQ(curfew::get_exit_options().deadline_status, before.deadline_status);
  }
};

TEST_F(ExitOptions, defaults_are_as_documented) {
  const auto o = curfew::get_exit_options();
  EXPECT_EQ(o.daemon_grace, 0ms);
  EXPECT_EQ(o.shield_limit, 5s);
  EXPECT_FALSE(o.deadline.has_value());
  EXPECT_EQ(o.report_after, 2s);
  EXPECT_EQ(o.deadline_status, 124);
  EXPECT_EQ(o.daemons, curfew::ending::freeze);
  EXPECT_EQ(o.destructor_limit, 10s);
  EXPECT_EQ(o.foreign, curfew::foreign_threads::leave);
  EXPECT_EQ(o.second_signal_after, 500ms);
  EXPECT_TRUE(o.report.empty());
}

TEST_F(ExitOptions, what_is_set_is_in_force) {
  curfew::set_exit_options({.daemon_grace = 1ms,
                            .shield_limit = 2ms,
                            .deadline = 3ms,
                            .report_after = -1ms,
                            .deadline_status = 5,
                            .daemons = curfew::ending::skip_destructors,
                            .destructor_limit = -6ms,
                            .second_signal_after = 7ms,
                            .report = "file",
                            .timeline = "events"});
  const auto o = curfew::get_exit_options();
  EXPECT_EQ(o.daemon_grace, 1ms);
  EXPECT_EQ(o.shield_limit, 2ms);
  EXPECT_EQ(o.deadline, 3ms);
  EXPECT_EQ(o.report_after, -1ms);
  EXPECT_EQ(o.deadline_status, 5);
  EXPECT_EQ(o.daemons, curfew::ending::skip_destructors);
  EXPECT_EQ(o.destructor_limit, -6ms);
  EXPECT_EQ(o.second_signal_after, 7ms);
  EXPECT_EQ(o.report, "file");
  EXPECT_EQ(o.timeline, "events");
  EXPECT_EQ(o.foreign, curfew::foreign_threads::leave);
}

TEST_F(ExitOptions, setting_replaces_all) {
  curfew::set_exit_options({.daemon_grace = 1s, .deadline = 1h});
  curfew::set_exit_options({});
  EXPECT_EQ(curfew::get_exit_options().daemon_grace, 0ms);
  EXPECT_FALSE(curfew::get_exit_options().deadline.has_value());
}

TEST_F(ExitOptions, bounds_are_taken) {
  curfew::set_exit_options({.daemon_grace = std::chrono::milliseconds::max(),
                            .shield_limit = std::chrono::milliseconds::max(),
                            .deadline = std::chrono::milliseconds::max(),
                            .deadline_status = 255});
  EXPECT_EQ(curfew::get_exit_options().deadline, std::chrono::milliseconds::max());
  curfew::set_exit_options({.shield_limit = 0ms, .deadline = 0ms, .deadline_status = 0});
  EXPECT_EQ(curfew::get_exit_options().deadline_status, 0);
}

TEST_F(ExitOptions, negative_limits_are_refused) {
  expect_refused({.daemon_grace = -1ms}, std::errc::invalid_argument);
  expect_refused({.shield_limit = -1ms}, std::errc::invalid_argument);
  expect_refused({.deadline = -1ms}, std::errc::invalid_argument);
  expect_refused({.second_signal_after = -1ms}, std::errc::invalid_argument);
}

TEST_F(ExitOptions, a_status_outside_a_byte_is_refused) {
  expect_refused({.deadline_status = -1}, std::errc::invalid_argument);
  expect_refused({.deadline_status = 256}, std::errc::invalid_argument);
}

TEST_F(ExitOptions, values_that_an_enumeration_does_not_have_are_refused) {
  expect_refused({.daemons = static_cast<curfew::ending>(7)}, std::errc::invalid_argument);
  expect_refused({.foreign = static_cast<curfew::foreign_threads>(9)}, std::errc::invalid_argument);
}

TEST_F(ExitOptions, a_file_name_with_a_nul_in_it_is_refused) {
  expect_refused({.report = std::string("a\0b", 3)}, std::errc::invalid_argument);
  expect_refused({.timeline = std::string("a\0b", 3)}, std::errc::invalid_argument);
}

TEST_F(ExitOptions, a_timeline_takes_the_name_of_a_file) {
  expect_refused({.timeline = "-"}, std::errc::invalid_argument);
}

TEST_F(ExitOptions, freezing_foreign_threads_needs_lock_tracking) {
  expect_refused({.foreign = curfew::foreign_threads::freeze}, std::errc::operation_not_supported);
}

TEST(ExitPhase, a_program_that_runs_is_running) {
  EXPECT_EQ(curfew::exit_phase(), curfew::phase::running);
  EXPECT_FALSE(curfew::exit_requested());
}

TEST(ExitPhase, phases_have_names_and_an_order) {
  EXPECT_STREQ(curfew::to_string(curfew::phase::running), "running");
  EXPECT_STREQ(curfew::to_string(curfew::phase::draining), "draining");
  EXPECT_STREQ(curfew::to_string(curfew::phase::stopping), "stopping");
  EXPECT_STREQ(curfew::to_string(curfew::phase::frozen), "frozen");
  EXPECT_LT(curfew::phase::running, curfew::phase::draining);
  EXPECT_LT(curfew::phase::draining, curfew::phase::stopping);
  EXPECT_LT(curfew::phase::stopping, curfew::phase::frozen);
}

TEST(ExitOnSignals, a_signal_that_cannot_be_handled_is_refused) {
  for (const int signal : {SIGKILL, SIGSTOP, 0, -1, 1000}) {
    try {
      curfew::exit_on_signals({signal});
      ADD_FAILURE() << "accepted signal " << signal;
    } catch (const std::system_error& e) {
      EXPECT_EQ(e.code(), std::errc::invalid_argument) << signal;
    }
  }
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
#include <curfew/exit.hpp>
#include <curfew/metrics.hpp>
#include <curfew/registry.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>

#include <support/child.hpp>
#include <support/wait.hpp>

#include <regex>
#include <string>
#include <string_view>
#include <thread>

#include <unistd.h>

namespace {

using namespace std::chrono_literals;

/// -1: there is none.
double value_of(std::string_view name, std::string_view attribute_value = {}) {
  for (const curfew::metric& one : curfew::collect_metrics())
    if (name == one.name && (attribute_value.empty() || attribute_value == one.attribute_value)) return one.value;
  return -1;
}

TEST(Metrics, count_threads) {
  const double regular = value_of("curfew.thread.count", "false"), daemons = value_of("curfew.thread.count", "true");
  const double started = value_of("curfew.thread.started");
  curfew_test::gate end;
  curfew::thread one([&] { end.wait(); });
  curfew::thread two({.daemon = true}, [&] { end.wait(); });
  EXPECT_EQ(value_of("curfew.thread.count", "false"), regular + 1);
  EXPECT_EQ(value_of("curfew.thread.count", "true"), daemons + 1);
  EXPECT_EQ(value_of("curfew.thread.started"), started + 2);
  EXPECT_GE(value_of("curfew.thread.peak"), regular + daemons + 2);
  end.open();
  one.join();
  two.join();
  EXPECT_EQ(value_of("curfew.thread.count", "false"), regular);
  EXPECT_EQ(value_of("curfew.exit.duration"), -1);
}

TEST(Metrics, in_the_text_that_prometheus_reads) {
  const std::string text = curfew::prometheus_text();
  // Each line is a comment, or a name with labels and a number.
  const std::regex line(R"(# (HELP|TYPE) curfew_\w+ .+|curfew_\w+(\{\w+="\w+"\})? [0-9.e+-]+)");
  std::size_t lines = 0;
  for (std::size_t at = 0; at < text.size(); ++lines) {
    const auto end = text.find('\n', at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_TRUE(std::regex_match(text.substr(at, end - at), line)) << text.substr(at, end - at);
    at = end + 1;
  }
  EXPECT_GE(lines, 10U);
  for (const char* const part :
       {"# TYPE curfew_thread_count gauge\n", "\ncurfew_thread_count{curfew_thread_daemon=\"true\"} ",
        "# TYPE curfew_thread_started_total counter\n", "\ncurfew_thread_peak "})
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
  // A name is described once.
  EXPECT_EQ(text.find("# TYPE curfew_thread_count"), text.rfind("# TYPE curfew_thread_count"));
}

TEST(Metrics, say_how_long_the_parts_of_an_exit_took) {
  curfew_test::wait_for_starting_threads();
  const pid_t child = ::fork();
  if (child == 0) {
    double while_it_waits = -1;
    curfew::before_wait("slow", [] { std::this_thread::sleep_for(50ms); });
    curfew::thread regular([&] {
      std::this_thread::sleep_for(150ms);
      while_it_waits = value_of("curfew.exit.duration", "draining");
    });
    curfew::finish();
    const bool good = while_it_waits >= 0.05 && value_of("curfew.exit.duration", "hooks") >= 0.05 &&
                      value_of("curfew.exit.duration", "draining") >= while_it_waits &&
                      value_of("curfew.exit.duration", "stopping") >= 0 &&
                      value_of("curfew.exit.duration", "freezing") >= 0 &&
                      value_of("curfew.exit.duration", "freezing") < 5 &&
                      curfew::prometheus_text().find("curfew_exit_duration_seconds{curfew_exit_phase=\"draining\"} ") !=
                          std::string::npos;
    ::_exit(good ? 7 : 8);
  }
  EXPECT_EQ(curfew_test::status_of_child(child), 7);
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
#include <curfew/exit.hpp>
#include <curfew/service.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>

#include <support/child.hpp>
#include <support/manager.hpp>
#include <support/proc.hpp>
#include <support/wait.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using curfew_test::manager;

/// What the constructor throws; empty: nothing.
std::error_code refusal(const char* variable, const char* value, std::string* what = nullptr) {
  ::setenv(variable, value, 1);
  std::error_code code;
  try {
    const curfew::service_notifier made;
  } catch (const std::system_error& e) {
    code = e.code();
    if (what != nullptr) *what = e.what();
  }
  ::unsetenv(variable);
  return code;
}

TEST(ServiceNotifier, does_nothing_without_a_manager) {
  ::unsetenv("NOTIFY_SOCKET");
  const auto threads = curfew_test::kernel_threads();
  curfew::service_notifier service;
  EXPECT_FALSE(service.active());
  EXPECT_EQ(service.watchdog(), 0us);
  service.ready("text");
  service.status("text");
  service.reloading();
  EXPECT_EQ(curfew_test::kernel_threads(), threads);
}

TEST(ServiceNotifier, takes_an_empty_variable_for_none) {
  ::setenv("NOTIFY_SOCKET", "", 1);
  const curfew::service_notifier service;
  EXPECT_FALSE(service.active());
}

TEST(ServiceNotifier, sends_what_it_is_told_in_order) {
  const manager m;
  curfew::service_notifier service;
  EXPECT_TRUE(service.active());
  service.status("opens the database");
  service.ready("listens on 8080");
  service.reloading();
  service.ready();
  EXPECT_EQ(m.next(), "STATUS=opens the database\n");
  EXPECT_EQ(m.next(), "READY=1\nSTATUS=listens on 8080\n");
  const std::string reloading = m.next();
  EXPECT_TRUE(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC=")) << reloading;
  EXPECT_GT(std::atoll(reloading.c_str() + 27), 0) << reloading;
  EXPECT_EQ(m.next(), "READY=1\n");
}

TEST(ServiceNotifier, keeps_a_text_to_one_line_of_limited_length) {
  const manager m;
  curfew::service_notifier service;
  service.status("one\nSTOPPING=1");
  EXPECT_EQ(m.next(), "STATUS=one?STOPPING=1\n");
  service.status(std::string(5000, 'x'));
  EXPECT_EQ(m.next(), "STATUS=" + std::string(1000, 'x') + "\n");
}

TEST(ServiceNotifier, knows_abstract_sockets) {
  const manager m(manager::abstract);
  curfew::service_notifier service;
  service.ready();
  EXPECT_EQ(m.next(), "READY=1\n");
}

TEST(ServiceNotifier, refuses_addresses_that_it_cannot_use) {
  std::string what;
  EXPECT_EQ(refusal("NOTIFY_SOCKET", "vsock:2:1234", &what), std::errc::address_family_not_supported);
  EXPECT_NE(what.find("NOTIFY_SOCKET=vsock:2:1234: curfew speaks to a manager on the same machine only"),
            std::string::npos)
      << what;
  for (const char* const value : {"run/notify", "@", "/", "notify"}) {
    EXPECT_EQ(refusal("NOTIFY_SOCKET", value, &what), std::errc::invalid_argument) << value;
    EXPECT_NE(what.find("allowed are an absolute path and @NAME"), std::string::npos) << what;
  }
  EXPECT_EQ(refusal("NOTIFY_SOCKET", ("/" + std::string(107, 'x')).c_str()), std::errc::filename_too_long);
  EXPECT_EQ(refusal("NOTIFY_SOCKET", ("/" + std::string(106, 'x')).c_str()), std::error_code());
}

TEST(ServiceNotifier, refuses_watchdogs_that_it_cannot_understand) {
  const manager m;
  for (const char* const value : {"0", "-1", "3s", "99999999999999999999"})
    EXPECT_EQ(refusal("WATCHDOG_USEC", value), std::errc::invalid_argument) << value;
  ::setenv("WATCHDOG_USEC", "1000000", 1);
  EXPECT_EQ(refusal("WATCHDOG_PID", "me"), std::errc::invalid_argument);
  ::unsetenv("WATCHDOG_USEC");
  EXPECT_THROW(curfew::service_notifier({.extend_stop = -1ms}), std::system_error);
}

TEST(ServiceNotifier, leaves_the_watchdog_of_another_process_alone) {
  const manager m;
  ::setenv("WATCHDOG_USEC", "3000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  curfew::service_notifier service;
  EXPECT_EQ(service.watchdog(), 0us);
  std::this_thread::sleep_for(50ms);
  service.ready();
  EXPECT_EQ(m.next(), "READY=1\n");
}

TEST(ServiceNotifier, takes_the_variables_out_of_the_environment_unless_told_otherwise) {
  manager m;
  const std::string own = std::to_string(::getpid());
  for (const bool unset : {false, true}) {
    ::setenv("WATCHDOG_USEC", "60000000", 1);
    ::setenv("WATCHDOG_PID", own.c_str(), 1);
    const curfew::service_notifier service({.unset_environment = unset});
    EXPECT_EQ(service.watchdog(), 60s);
    for (const char* const name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
      EXPECT_EQ(std::getenv(name) == nullptr, unset) << name;
  }
}

TEST(ServiceNotifier, there_is_one_at_a_time) {
  const manager m;
  {
    const curfew::service_notifier one({.unset_environment = false});
    EXPECT_EQ(refusal("UNUSED", ""), std::errc::device_or_resource_busy);
  }
  curfew::service_notifier two;
  two.ready();
  EXPECT_EQ(m.next_that_begins_with("READY"), "READY=1\n");
}

TEST(ServiceNotifier, says_that_it_stops_when_it_is_destroyed) {
  const manager m;
  {
    curfew::service_notifier service;
    service.ready();
  }
  EXPECT_EQ(m.next(), "READY=1\n");
  EXPECT_EQ(m.next(), "STOPPING=1\n");
}

TEST(ServiceNotifier, does_not_block_when_nobody_reads) {
  const manager m;
  curfew::service_notifier service;
  for (int i = 0; i < 3000; ++i) service.status("number " + std::to_string(i));
  service.ready();
  // What is still true comes when there is room.
  std::vector<std::string> all;
  while (all.empty() || !all.back().starts_with("READY=1\n")) {
    all.push_back(m.next());
    ASSERT_FALSE(all.back().empty()) << all.size();
  }
  EXPECT_LT(all.size(), 3000U);
  const auto last =
      std::find_if(all.rbegin(), all.rend(), [](const auto& one) { return one.find("STATUS=") != one.npos; });
  EXPECT_NE(last->find("STATUS=number 2999\n"), std::string::npos) << *last;
}

TEST(ServiceNotifier, speaks_when_the_manager_comes_late) {
  manager m;
  m.close();
  curfew::service_notifier service;
  service.ready();
  m.open();
  EXPECT_EQ(m.next(), "READY=1\n");
}

TEST(ServiceNotifier, a_child_has_nothing_to_say) {
  const manager m;
  curfew_test::wait_for_starting_threads();
  curfew::service_notifier service;
  const pid_t child = ::fork();
  if (child == 0) {
    service.ready();
    ::_exit(service.active() ? 8 : 7);
  }
  EXPECT_EQ(curfew_test::status_of_child(child), 7);
  service.status("the parent");
  EXPECT_EQ(m.next(), "STATUS=the parent\n");
}

struct fed {
  explicit fed(const char* usec) { ::setenv("WATCHDOG_USEC", usec, 1); }
};

TEST(ServiceWatchdog, is_fed_without_watched_threads) {
  const manager m;
  const fed watchdog("300000");
  const curfew::service_notifier service;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(m.next(), "WATCHDOG=1\n");
}

TEST(ServiceWatchdog, is_not_fed_while_a_watched_thread_makes_no_progress) {
  const manager m;
  const fed watchdog("1500000");
  const curfew::service_notifier service;
  curfew_test::gate hang, go_on, again, end;
  curfew::thread worker([&] {
    curfew::watched_thread watched("worker");
    while (!hang.is_open()) {
      watched.progress();
      std::this_thread::sleep_for(5ms);
    }
    go_on.wait();
    watched.progress();
    again.open();
    watched.pause();
    end.wait();
  });
  for (int i = 0; i < 2; ++i) EXPECT_EQ(m.next(), "WATCHDOG=1\n");
  hang.open();
  // Those that were sent before it was found out are read; then there are none.
  const std::string said = m.next_that_begins_with("STATUS");
  EXPECT_TRUE(said.starts_with("STATUS=watchdog: \"worker\" has made no progress for ")) << said;
  EXPECT_EQ(m.next(1s), "");
  go_on.open();
  again.wait();
  // It waits for work, which is no fault.
  for (int i = 0; i < 2; ++i) EXPECT_EQ(m.next(), "WATCHDOG=1\n");
  end.open();
  worker.join();
}

TEST(ServiceWatchdog, a_watched_thread_may_have_its_own_limit) {
  const manager m;
  const fed watchdog("600000");
  EXPECT_THROW(curfew::watched_thread("x", -1ms), std::system_error);
  const curfew::watched_thread slow("slow", 1h);
  const curfew::service_notifier service;
  const auto until = std::chrono::steady_clock::now() + 1500ms;
  while (std::chrono::steady_clock::now() < until) EXPECT_EQ(m.next(), "WATCHDOG=1\n");
  const curfew::watched_thread quick("quick", 1ms);
  const std::string said = m.next_that_begins_with("STATUS");
  EXPECT_TRUE(said.starts_with("STATUS=watchdog: \"quick\" has made no progress for ")) << said;
}

TEST(ServiceWatchdog, watched_threads_come_and_go) {
  std::vector<std::thread> threads;
  threads.reserve(4);
  const manager m;
  const fed watchdog("3000");
  const curfew::service_notifier service;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([] {
      for (int n = 0; n < 2000; ++n) {
        curfew::watched_thread one("one"), two("two");
        one.progress();
        two.pause();
      }
    });
  for (auto& t : threads) t.join();
}

}  // namespace

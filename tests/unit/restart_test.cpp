// SPDX-License-Identifier: Apache-2.0
// One life of a host after another: finish(), restart(), and everything works as in the first. With frozen daemons:
// lifetime/restart/.
#include <curfew/adopt.hpp>
#include <curfew/exit.hpp>
#include <curfew/metrics.hpp>
#include <curfew/pool.hpp>
#include <curfew/registry.hpp>
#include <curfew/restart.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/error_of.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <signal.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

namespace {

using curfew_test::error_of;
using curfew_test::eventually;
using curfew_test::gate;

curfew::exit_report live_again() {
  auto report = curfew::finish();
  curfew::restart();
  EXPECT_EQ(curfew::exit_phase(), curfew::phase::running);
  return report;
}

TEST(Restart, threads_are_started_and_waited_for_in_every_life) {
  for (int life = 0; life < 5; ++life) {
    gate begun;
    std::atomic<bool> done{false};
    curfew::thread t([&] {
      begun.open();
      EXPECT_TRUE(eventually([] { return curfew::exit_phase() == curfew::phase::draining; }));
      done = true;
    });
    begun.wait();
    live_again();
    EXPECT_TRUE(done);
    EXPECT_EQ(curfew::active_count(), 1U);
    t.join();
  }
}

TEST(Restart, finish_is_needed_first) {
  EXPECT_EQ(error_of([] { curfew::restart(); }), std::errc::operation_not_permitted);
  live_again();
  EXPECT_EQ(error_of([] { curfew::restart(); }), std::errc::operation_not_permitted);
}

TEST(Restart, hooks_run_once_and_are_gone) {
  int before = 0, after = 0;
  for (int life = 1; life <= 3; ++life) {
    curfew::before_wait("before", [&] { ++before; });
    curfew::after_wait("after", [&] { ++after; });
    live_again();
    EXPECT_EQ(before, life);
    EXPECT_EQ(after, life);
  }
}

TEST(Restart, a_hook_cannot_restart) {
  std::errc in_hook{};
  curfew::before_wait("restarts", [&] { in_hook = error_of([] { curfew::restart(); }); });
  live_again();
  EXPECT_EQ(in_hook, std::errc::operation_canceled);
}

TEST(Restart, not_while_another_thread_is_in_finish) {
  gate inside, looked;
  curfew::before_wait("waits", [&] {
    inside.open();
    looked.wait();
  });
  std::thread other([] { curfew::finish(); });
  inside.wait();
  EXPECT_EQ(error_of([] { curfew::restart(); }), std::errc::operation_canceled);
  looked.open();
  other.join();
  curfew::restart();
}

TEST(Restart, a_thread_that_the_deadline_gave_up_must_end_first) {
  gate release;
  curfew::set_exit_options({.deadline = std::chrono::milliseconds(20), .report_after = std::chrono::milliseconds(-1)});
  curfew::thread stuck({.name = "stuck"}, [&] { release.wait(); });
  EXPECT_TRUE(curfew::finish().deadline_passed);
  try {
    curfew::restart();
    ADD_FAILURE() << "restarted beside a thread";
  } catch (const std::system_error& e) {
    EXPECT_EQ(e.code(), std::errc::operation_not_permitted);
    EXPECT_NE(std::string_view(e.what()).find("stuck"), std::string_view::npos) << e.what();
  }
  EXPECT_EQ(curfew::exit_phase(), curfew::phase::frozen);
  release.open();
  stuck.join();
  curfew::restart();
  curfew::set_exit_options({});
}

TEST(Restart, an_adopted_thread_counts_too) {
  gate adopted, release;
  curfew::set_exit_options({.deadline = std::chrono::milliseconds(20), .report_after = std::chrono::milliseconds(-1)});
  std::thread other([&] {
    const auto here = curfew::adopt({.name = "callback"});
    adopted.open();
    release.wait();
  });
  adopted.wait();
  EXPECT_TRUE(curfew::finish().deadline_passed);
  EXPECT_EQ(error_of([] { curfew::restart(); }), std::errc::operation_not_permitted);
  release.open();
  other.join();
  curfew::restart();
  curfew::set_exit_options({});
}

TEST(Restart, a_request_is_forgotten) {
  for (int life = 1; life <= 3; ++life) {
    EXPECT_FALSE(curfew::exit_requested());
    EXPECT_FALSE(curfew::this_thread::stop_requested());
    curfew::thread t([life] { curfew::request_exit(life); });
    EXPECT_EQ(curfew::wait_for_exit(), life);
    EXPECT_TRUE(curfew::this_thread::get_stop_token().stop_requested());
    live_again();
    EXPECT_TRUE(curfew::this_thread::sleep_for(std::chrono::milliseconds(1)));
  }
}

TEST(Restart, a_signal_is_a_first_one_in_each_life) {
  curfew::set_exit_options({.second_signal_after = std::chrono::milliseconds(0)});
  curfew::exit_on_signals({SIGUSR1});
  for (int life = 0; life < 3; ++life) {
    ::raise(SIGUSR1);
    EXPECT_EQ(curfew::wait_for_exit(), 0);
    live_again();
  }
  curfew::set_exit_options({});
}

TEST(Restart, threads_of_a_later_life_are_not_asked_for_an_earlier_request) {
  curfew::exit_on_signals({SIGUSR1});  // so that the service thread asks
  for (int life = 0; life < 40; ++life) {
    curfew::request_exit();
    live_again();
    curfew::jthread next([](const std::stop_token& stop) {
      for (int i = 0; i < 5; ++i) {
        EXPECT_FALSE(stop.stop_requested());
        std::this_thread::yield();
      }
    });
    next.join();
    ASSERT_FALSE(curfew::this_thread::get_stop_token().stop_requested());
  }
}

TEST(Restart, pools_run_tasks_again) {
  curfew::thread_pool pool({.workers = 2});
  std::atomic<int> done{0};
  for (int life = 1; life <= 5; ++life) {
    pool.submit([&] { ++done; }).get();
    EXPECT_EQ(curfew::recycle([life] { return life; }).get(), life);
    for (int i = 0; i < 10; ++i) pool.post(curfew::at_exit::finish, [&] { ++done; });
    live_again();
    EXPECT_EQ(done, 11 * life);
  }
  pool.shutdown();
}

TEST(Restart, timers_go_off_again) {
  std::atomic<int> once{0}, ticks{0};
  for (int life = 1; life <= 3; ++life) {
    curfew::timer single(std::chrono::milliseconds(1), [&] { ++once; });
    curfew::timer periodic({.periodic = true}, std::chrono::milliseconds(1), [&] { ++ticks; });
    const int before = ticks;
    EXPECT_TRUE(eventually([&] { return once == life && ticks > before + 2; }));
    live_again();
    EXPECT_FALSE(periodic.is_alive());
  }
}

TEST(Restart, daemons_that_end_in_their_grace_are_gone) {
  for (int life = 0; life < 3; ++life) {
    curfew::thread daemon({.daemon = true, .grace = curfew_test::patient(std::chrono::seconds(10))},
                          [](const std::stop_token& stop) {
                            while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
                          });
    live_again();
    EXPECT_EQ(curfew::counts().daemon, 0U);
    EXPECT_FALSE(daemon.is_alive());
    daemon.join();
  }
}

TEST(Restart, the_metrics_of_the_exit_begin_anew) {
  const auto durations = [] {
    int count = 0;
    for (const auto& one : curfew::collect_metrics()) count += std::string_view(one.name) == "curfew.exit.duration";
    return count;
  };
  EXPECT_EQ(durations(), 0);
  curfew::finish();
  EXPECT_EQ(durations(), 4);
  curfew::restart();
  EXPECT_EQ(durations(), 0);
}

TEST(Restart, the_thread_that_finished_may_restart) {
  std::thread([] {
    curfew::finish();
    curfew::restart();
  }).join();
  curfew::thread([] {
    curfew::finish();
    curfew::restart();
  }).join();
  curfew::thread([] {}).join();
}

}  // namespace

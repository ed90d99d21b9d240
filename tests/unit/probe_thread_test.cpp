// SPDX-License-Identifier: Apache-2.0
// The exit's probe thread: jobs that it is given, and the one that it gives itself when it has been idle for long
// enough.
#include "exit/probe_thread.hpp"
#include "os/clock.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace {

using curfew::detail::probe_thread;
using curfew::detail::os::now_steady;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::atomic<int> ran{0};
std::atomic<int> ran_later{0};
std::atomic<bool> may_end{false};

void count() { ran.fetch_add(1); }
void count_later() { ran_later.fetch_add(1); }
void stay() {
  ran_later.fetch_add(1);
  while (!may_end.load()) std::this_thread::sleep_for(milliseconds(1));
}

bool comes(const std::atomic<int>& counter, int to) {
  for (const auto end = now_steady() + seconds(10); now_steady() < end;) {
    if (counter.load() >= to) return true;
    std::this_thread::yield();
  }
  return false;
}

class ProbeThread : public testing::Test {
 protected:
  void SetUp() override {
    ran = ran_later = 0;
    may_end = false;
    ASSERT_NE(probe, nullptr);
  }
  void TearDown() override {
    may_end = true;
    EXPECT_TRUE(probe->wait_idle(now_steady() + seconds(10)));
  }
  // It has no end but the process's.
  probe_thread* probe = probe_thread::make();
};

TEST_F(ProbeThread, does_what_it_is_given) {
  EXPECT_TRUE(probe->run(&count, now_steady() + seconds(10)));
  EXPECT_TRUE(probe->run(&count, now_steady() + seconds(10)));
  EXPECT_EQ(ran, 2);
  EXPECT_FALSE(probe->busy());
}

TEST_F(ProbeThread, waits_for_the_time_of_a_later_job) {
  const auto at = now_steady() + milliseconds(50);
  probe->run_later(&count_later, at);
  EXPECT_TRUE(probe->run(&count, now_steady() + seconds(10)));
  const int already = ran_later;
  if (now_steady() < at) {
    EXPECT_EQ(already, 0);
  }
  EXPECT_TRUE(comes(ran_later, 1));
  EXPECT_GE(now_steady(), at);
}

TEST_F(ProbeThread, hears_of_a_later_job_while_it_sleeps_for_ever) {
  EXPECT_TRUE(probe->run(&count, now_steady() + seconds(10)));
  std::this_thread::sleep_for(milliseconds(20));
  probe->run_later(&count_later, now_steady());
  EXPECT_TRUE(comes(ran_later, 1));
}

TEST_F(ProbeThread, does_a_later_job_once) {
  probe->run_later(&count_later, now_steady() + seconds(3600));
  probe->run_later(&count_later, now_steady() + milliseconds(1));
  EXPECT_TRUE(comes(ran_later, 1));
  EXPECT_TRUE(probe->wait_idle(now_steady() + seconds(10)));  // it counts as busy until it has said so
  EXPECT_TRUE(probe->run(&count, now_steady() + seconds(10)));
  std::this_thread::sleep_for(milliseconds(20));
  EXPECT_EQ(ran_later, 1);
}

TEST_F(ProbeThread, is_busy_with_a_later_job_that_does_not_end) {
  probe->run_later(&stay, now_steady());
  ASSERT_TRUE(comes(ran_later, 1));
  EXPECT_TRUE(probe->busy());
  EXPECT_FALSE(probe->run(&count, now_steady() + milliseconds(1)));
  EXPECT_EQ(ran, 0);
}

// Both want the thread at the same moment: each job that was accepted is done, once, and no other is.
TEST_F(ProbeThread, takes_one_of_two_jobs_that_come_together) {
  int accepted = 0, due = 0;
  for (int i = 0; i < 20'000; ++i) {
    probe->run_later(&count_later, now_steady() + microseconds(10));
    ++due;
    for (const auto until = now_steady() + microseconds(i % 100); now_steady() < until;) continue;
    if (probe->run(&count, now_steady() + seconds(10))) ++accepted;
    ASSERT_TRUE(comes(ran_later, due));
    ASSERT_TRUE(probe->wait_idle(now_steady() + seconds(10)));
    ASSERT_EQ(ran_later, due);
    ASSERT_EQ(ran, accepted);
  }
  EXPECT_GT(accepted, 0);
}

}  // namespace

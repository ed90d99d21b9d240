// SPDX-License-Identifier: Apache-2.0
// The registry tells the truth about frozen threads. registry_churn_test.cpp: about those that run.
#include <curfew/registry.hpp>
#include <curfew/thread.hpp>

#include <support/proc.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <system_error>
#include <thread>

#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using curfew::thread_state;
using curfew_test::eventually;
using curfew_test::gate;

TEST(Registry, main_is_always_there) {
  const auto all = curfew::enumerate();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.front().number, 0U);
  EXPECT_EQ(all.front().kind, curfew::thread_kind::main);
  EXPECT_EQ(all.front().native_id, ::getpid());
  EXPECT_EQ(curfew::main_thread().number, 0U);
  EXPECT_EQ(curfew::current().number, 0U);
}

TEST(Registry, lists_by_number_those_that_live) {
  gate end;
  curfew::thread a({.name = "a"}, [&] { end.wait(); });
  curfew::thread b({.name = "b", .daemon = true}, [&] { end.wait(); });
  const auto all = curfew::enumerate();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, &curfew::thread_info::number));
  EXPECT_EQ(all[1].name, "a");
  EXPECT_FALSE(all[1].daemon);
  EXPECT_EQ(all[2].name, "b");
  EXPECT_TRUE(all[2].daemon);
  EXPECT_EQ(curfew::active_count(), 3U);
  end.open();
  a.join();
  b.join();
  EXPECT_EQ(curfew::enumerate().size(), 1U);
  EXPECT_EQ(curfew::active_count(), 1U);
}

TEST(Registry, numbers_are_never_used_twice) {
  std::uint64_t last = 0;
  for (int i = 0; i < 20; ++i) {
    curfew::thread t([] {});
    t.join();
    EXPECT_GT(t.info().number, last);
    last = t.info().number;
  }
}

TEST(Registry, counts_count) {
  const auto before = curfew::counts();
  EXPECT_EQ(before.live, 1U);
  EXPECT_EQ(before.daemon, 0U);
  gate end;
  {
    curfew::jthread a([&] { end.wait(); });
    curfew::jthread b({.daemon = true}, [&] { end.wait(); });
    const auto during = curfew::counts();
    EXPECT_EQ(during.live, 3U);
    EXPECT_EQ(during.daemon, 1U);
    EXPECT_GE(during.peak, 3U);
    EXPECT_EQ(during.started, before.started + 2);
    end.open();
  }
  const auto after = curfew::counts();
  EXPECT_EQ(after.live, 1U);
  EXPECT_EQ(after.daemon, 0U);
  EXPECT_GE(after.peak, 3U);
  EXPECT_EQ(after.started, before.started + 2);
}

TEST(Registry, counts_agree_with_the_kernel) {
  const auto kernel_before = curfew_test::kernel_threads();
  gate end;
  std::vector<curfew::jthread> threads;
  for (int i = 0; i < 20; ++i) threads.emplace_back(curfew::thread_options{.daemon = i % 2 == 0}, [&] { end.wait(); });
  EXPECT_EQ(curfew::counts().live, 21U);
  EXPECT_EQ(curfew::counts().daemon, 10U);
  EXPECT_EQ(curfew_test::kernel_threads(), kernel_before + 20);
  for (const auto& info : curfew::enumerate())
    EXPECT_TRUE(info.native_id == 0 || curfew_test::kernel_state(info.native_id) != '\0') << info.name;
  end.open();
  threads.clear();
  EXPECT_TRUE(eventually([&] { return curfew_test::kernel_threads() == kernel_before; }));
  EXPECT_EQ(curfew::counts().live, 1U);
}

TEST(Registry, find_finds_the_one_started_first) {
  gate end;
  curfew::jthread first({.name = "twin"}, [&] { end.wait(); });
  curfew::jthread second({.name = "twin"}, [&] { end.wait(); });
  const auto found = curfew::find("twin");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->number, first.info().number);
  EXPECT_FALSE(curfew::find("nobody").has_value());
  EXPECT_FALSE(curfew::find("").has_value());
  end.open();
}

TEST(Registry, says_where_a_thread_was_made) {
  gate end;
  curfew::jthread with_options({.name = "placed"}, [&] { end.wait(); });
  const unsigned line = __LINE__ - 1;
  const auto at = with_options.info().created_at;
  ASSERT_NE(at.file, nullptr);
  EXPECT_NE(std::strstr(at.file, "registry_test.cpp"), nullptr) << at.file;
  EXPECT_EQ(at.line, line);
  EXPECT_NE(at.function, nullptr);
  EXPECT_NE(at.address, nullptr);

  curfew::jthread without([&] { end.wait(); });
  EXPECT_EQ(without.info().created_at.file, nullptr);
  EXPECT_EQ(without.info().created_at.line, 0U);
  EXPECT_NE(without.info().created_at.address, nullptr);
  end.open();
}

TEST(Registry, says_when_a_thread_was_made) {
  const auto before = std::chrono::system_clock::now();
  curfew::jthread t([] {});
  const auto at = t.info().started_at;
  EXPECT_GE(at, before - 1s);
  EXPECT_LE(at, std::chrono::system_clock::now() + 1s);
}

TEST(Registry, states_follow_a_life) {
  gate end;
  curfew::thread t([&] { end.wait(); });
  EXPECT_TRUE(eventually([&] { return t.info().state == thread_state::running; }));
  curfew::thread sleeper([](std::stop_token) { static_cast<void>(curfew::this_thread::sleep_for(1h)); });
  EXPECT_TRUE(eventually([&] { return sleeper.info().state == thread_state::waiting; }));
  curfew::thread joiner([&] { t.join(); });
  EXPECT_TRUE(eventually([&] { return joiner.info().state == thread_state::waiting; }));
  sleeper.request_stop();
  sleeper.join();
  EXPECT_EQ(sleeper.info().state, thread_state::ended);
  end.open();
  joiner.join();
  EXPECT_EQ(t.info().state, thread_state::ended);
}

TEST(Registry, kinds_and_states_have_names) {
  EXPECT_STREQ(curfew::to_string(curfew::thread_kind::main), "main");
  EXPECT_STREQ(curfew::to_string(curfew::thread_kind::regular), "regular");
  EXPECT_STREQ(curfew::to_string(curfew::thread_kind::daemon), "daemon");
  EXPECT_STREQ(curfew::to_string(curfew::thread_kind::foreign), "foreign");
  EXPECT_STREQ(curfew::to_string(thread_state::starting), "starting");
  EXPECT_STREQ(curfew::to_string(thread_state::running), "running");
  EXPECT_STREQ(curfew::to_string(thread_state::waiting), "waiting");
  EXPECT_STREQ(curfew::to_string(thread_state::stopping), "stopping");
  EXPECT_STREQ(curfew::to_string(thread_state::ended), "ended");
}

TEST(Registry, a_foreign_thread_is_known_once_it_asks_and_until_it_ends) {
  const auto before = curfew::counts();
  gate asked;
  gate end;
  curfew::thread_info inside;
  std::thread foreign([&] {
    inside = curfew::current();
    asked.open();
    end.wait();
  });
  asked.wait();
  EXPECT_EQ(inside.kind, curfew::thread_kind::foreign);
  EXPECT_EQ(inside.name.rfind("Foreign-", 0), 0U) << inside.name;
  EXPECT_NE(inside.native_id, 0);
  EXPECT_EQ(curfew::counts().live, 2U);
  EXPECT_EQ(curfew::counts().started, before.started) << "curfew did not start it";
  EXPECT_TRUE(curfew::find(inside.name).has_value());
  end.open();
  foreign.join();
  EXPECT_TRUE(eventually([] { return curfew::counts().live == 1; }));
  EXPECT_FALSE(curfew::find(inside.name).has_value());
}

TEST(Registry, a_foreign_thread_that_asks_nothing_is_not_known) {
  gate end;
  std::thread foreign([&] { end.wait(); });
  EXPECT_EQ(curfew::active_count(), 1U);
  end.open();
  foreign.join();
}

TEST(Registry, the_main_thread_cannot_wait_for_itself) {
  try {
    curfew::join_main_thread();
    FAIL() << "returned";
  } catch (const std::system_error& e) {
    EXPECT_EQ(e.code(), std::errc::resource_deadlock_would_occur);
  }
}

TEST(Registry, a_thread_whose_thread_locals_are_still_being_destroyed_is_listed) {
  static gate in_destructor;
  static gate leave;
  struct late {
    ~late() {
      in_destructor.open();
      leave.wait();
    }
    void touch() {}
  };
  curfew::thread t({.name = "lingers"}, [] {
    static thread_local late l;
    l.touch();
  });
  in_destructor.wait();
  EXPECT_TRUE(curfew::find("lingers").has_value());
  EXPECT_TRUE(t.is_alive());
  EXPECT_FALSE(t.join_for(1ms));
  leave.open();
  t.join();
  EXPECT_FALSE(curfew::find("lingers").has_value());
}

}  // namespace

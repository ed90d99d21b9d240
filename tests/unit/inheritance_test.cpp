// SPDX-License-Identifier: Apache-2.0
// Regular or daemon: fixed when the thread is made, inherited when nothing is said.
#include <curfew/thread.hpp>

#include <gtest/gtest.h>

#include <thread>

namespace {

bool child_is_daemon(curfew::thread_options options = {}) {
  bool daemon = false;
  curfew::thread t(options, [&] { daemon = curfew::this_thread::is_daemon(); });
  EXPECT_EQ(t.daemon(), t.info().daemon);
  t.join();
  EXPECT_EQ(t.daemon(), daemon);
  return daemon;
}

TEST(Inheritance, what_main_makes_is_regular) {
  EXPECT_FALSE(curfew::this_thread::is_daemon());
  EXPECT_FALSE(child_is_daemon());
}

TEST(Inheritance, what_is_said_is_so) {
  EXPECT_TRUE(child_is_daemon({.daemon = true}));
  EXPECT_FALSE(child_is_daemon({.daemon = false}));
}

TEST(Inheritance, what_a_daemon_makes_is_a_daemon) {
  bool inherited = false;
  bool said = true;
  curfew::thread t({.daemon = true}, [&] {
    inherited = child_is_daemon();
    said = child_is_daemon({.daemon = false});
  });
  t.join();
  EXPECT_TRUE(inherited);
  EXPECT_FALSE(said);
}

TEST(Inheritance, what_a_regular_thread_makes_is_regular) {
  bool inherited = true;
  curfew::thread t([&] { inherited = child_is_daemon(); });
  t.join();
  EXPECT_FALSE(inherited);
}

TEST(Inheritance, it_goes_on_through_generations) {
  bool grandchild = false;
  curfew::thread t({.daemon = true}, [&] { curfew::jthread child([&] { grandchild = child_is_daemon(); }); });
  t.join();
  EXPECT_TRUE(grandchild);
}

TEST(Inheritance, what_a_foreign_thread_makes_is_regular) {
  bool foreign_child = true;
  std::thread foreign([&] { foreign_child = child_is_daemon(); });
  foreign.join();
  EXPECT_FALSE(foreign_child);
}

TEST(Inheritance, the_kind_says_it_too) {
  curfew::thread regular([] {});
  curfew::thread daemon({.daemon = true}, [] {});
  EXPECT_EQ(regular.info().kind, curfew::thread_kind::regular);
  EXPECT_EQ(daemon.info().kind, curfew::thread_kind::daemon);
  regular.join();
  daemon.join();
}

TEST(Inheritance, the_parent_is_the_thread_that_made_it) {
  std::uint64_t parent = 0;
  std::uint64_t grandparent = 1;
  curfew::thread t([&] {
    grandparent = curfew::current().parent;
    curfew::thread child([] {});
    parent = child.info().parent;
    child.join();
  });
  const auto number = t.info().number;
  t.join();
  EXPECT_EQ(parent, number);
  EXPECT_EQ(grandparent, 0U);
}

}  // namespace

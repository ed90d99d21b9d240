// SPDX-License-Identifier: Apache-2.0
// Threads that somebody else has started, adopted. What the exit does with them: lifetime/adopted/.
#include <curfew/adopt.hpp>
#include <curfew/registry.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/error_of.hpp>
#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <pthread.h>

#include <atomic>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace {

using curfew_test::eventually;
using curfew_test::gate;

/// Runs it on a thread that curfew did not start.
template <class Action>
void elsewhere(Action action) {
  std::thread(std::move(action)).join();
}

std::errc code_of(curfew::adopt_options options) {
  return curfew_test::error_of([&] { const auto here = curfew::adopt(options); });
}

TEST(Adopt, a_thread_has_the_kind_that_it_chooses) {
  elsewhere([] {
    const auto here = curfew::adopt();
    EXPECT_TRUE(here);
    EXPECT_EQ(curfew::current().kind, curfew::thread_kind::regular);
    EXPECT_FALSE(curfew::this_thread::is_daemon());
  });
  elsewhere([] {
    const auto here = curfew::adopt({.daemon = true});
    EXPECT_EQ(curfew::current().kind, curfew::thread_kind::daemon);
    EXPECT_TRUE(curfew::this_thread::is_daemon());
    EXPECT_EQ(curfew::counts().daemon, 1U);
  });
  EXPECT_EQ(curfew::counts().daemon, 0U);
}

TEST(Adopt, it_is_listed_with_its_name_and_its_place) {
  elsewhere([] {
    const auto before = curfew::this_thread::name();
    auto here = curfew::adopt({.name = "callback"});
    const auto found = curfew::find("callback");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->native_id, curfew::current().native_id);
    EXPECT_TRUE(found->created_at.file != nullptr && std::string(found->created_at.file).ends_with("adopt_test.cpp"));
    here.release();
    EXPECT_FALSE(curfew::find("callback"));
    EXPECT_EQ(curfew::this_thread::name(), before);
    EXPECT_EQ(curfew::current().created_at.file, nullptr);
  });
}

TEST(Adopt, the_os_shows_its_name_until_it_is_released) {
  elsewhere([] {
    char name[16] = {};
    ::pthread_setname_np(::pthread_self(), "before");
    auto here = curfew::adopt({.name = "meanwhile"});
    ::pthread_getname_np(::pthread_self(), name, sizeof name);
    EXPECT_STREQ(name, "meanwhile");
    here.release();
    ::pthread_getname_np(::pthread_self(), name, sizeof name);
    EXPECT_STREQ(name, "before");
  });
}

TEST(Adopt, a_released_thread_is_foreign_and_can_be_adopted_again) {
  elsewhere([] {
    for (int i = 0; i < 3; ++i) {
      auto here = curfew::adopt({.daemon = i % 2 == 1});
      here.release();
      EXPECT_FALSE(here);
      here.release();  // nothing is left to release
      EXPECT_EQ(curfew::current().kind, curfew::thread_kind::foreign);
    }
  });
}

TEST(Adopt, main_and_threads_of_curfew_are_refused) {
  EXPECT_EQ(code_of({}), std::errc::operation_not_permitted);
  curfew::thread([] { EXPECT_EQ(code_of({}), std::errc::operation_not_permitted); }).join();
  curfew::thread({.daemon = true}, [] {
    EXPECT_EQ(code_of({.daemon = true}), std::errc::operation_not_permitted);
  }).join();
}

TEST(Adopt, an_adopted_thread_is_refused_until_it_is_released) {
  elsewhere([] {
    auto here = curfew::adopt();
    EXPECT_EQ(code_of({}), std::errc::device_or_resource_busy);
    EXPECT_EQ(code_of({.daemon = true}), std::errc::device_or_resource_busy);
    EXPECT_EQ(curfew::current().kind, curfew::thread_kind::regular);
    here.release();
    EXPECT_EQ(code_of({}), std::errc{});
  });
}

TEST(Adopt, options_that_cannot_be_are_refused_and_change_nothing) {
  elsewhere([] {
    EXPECT_EQ(code_of({.name = std::string_view("a\0b", 3)}), std::errc::invalid_argument);
    EXPECT_EQ(code_of({.daemon = true, .grace = std::chrono::milliseconds(-1)}), std::errc::invalid_argument);
    EXPECT_EQ(curfew::current().kind, curfew::thread_kind::foreign);
  });
}

TEST(Adopt, the_end_of_the_thread_releases_it) {
  const auto before = curfew::active_count();
  elsewhere([] { curfew::adopt({.daemon = true}).keep(); });
  elsewhere([] { curfew::adopt({.name = "kept"}).keep(); });
  EXPECT_TRUE(eventually([&] { return curfew::active_count() == before; }));
  EXPECT_EQ(curfew::counts().daemon, 0U);
  EXPECT_FALSE(curfew::find("kept"));
}

TEST(Adopt, pthread_exit_releases_it_too) {
  if (curfew_test::no_pthread_exit != nullptr) GTEST_SKIP() << curfew_test::no_pthread_exit;
  const auto before = curfew::active_count();
  pthread_t made;
  const auto run = [](void*) -> void* {
    const auto here = curfew::adopt({.daemon = true});
    ::pthread_exit(nullptr);
  };
  ASSERT_EQ(::pthread_create(&made, nullptr, run, nullptr), 0);
  ::pthread_join(made, nullptr);
  EXPECT_EQ(curfew::active_count(), before);
  EXPECT_EQ(curfew::counts().daemon, 0U);
}

TEST(Adopt, a_handle_may_outlive_its_thread) {
  curfew::adoption handle;
  elsewhere([&] { handle = curfew::adopt(); });
  EXPECT_FALSE(handle);
  handle.release();
}

TEST(Adopt, another_thread_cannot_release_it) {
  curfew::adoption handle;
  gate adopted, looked;
  std::thread other([&] {
    handle = curfew::adopt({.name = "adopted"});
    adopted.open();
    looked.wait();
    EXPECT_EQ(curfew::current().kind, curfew::thread_kind::regular);
  });
  adopted.wait();
  EXPECT_EQ(curfew_test::error_of([&] { handle.release(); }), std::errc::operation_not_permitted);
  EXPECT_TRUE(curfew::find("adopted"));
  looked.open();
  other.join();
}

TEST(Adopt, a_moved_handle_goes_on) {
  elsewhere([] {
    auto first = curfew::adopt();
    auto second = std::move(first);
    EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): it adopts nothing now
    EXPECT_TRUE(second);
    second = curfew::adoption();
    EXPECT_EQ(curfew::current().kind, curfew::thread_kind::foreign);
  });
}

TEST(Adopt, what_an_adopted_daemon_starts_is_a_daemon) {
  elsewhere([] {
    const auto here = curfew::adopt({.daemon = true});
    curfew::thread child([] {});
    EXPECT_TRUE(child.daemon());
    child.join();
  });
}

TEST(Adopt, others_can_ask_it_to_stop) {
  std::optional<std::stop_source> stop;
  gate adopted;
  std::atomic<bool> woken{false};
  std::thread other([&] {
    const auto here = curfew::adopt();
    stop = here.get_stop_source();
    EXPECT_TRUE(curfew::this_thread::get_stop_token().stop_possible());
    adopted.open();
    EXPECT_FALSE(curfew::this_thread::sleep_for(std::chrono::hours(1)));
    EXPECT_TRUE(curfew::this_thread::stop_requested());
    woken = true;
  });
  adopted.wait();
  stop->request_stop();
  other.join();
  EXPECT_TRUE(woken);
}

TEST(Adopt, a_released_thread_is_asked_no_more) {
  elsewhere([] {
    auto here = curfew::adopt();
    const auto stop = here.get_stop_source();
    here.release();
    auto again = stop;
    again.request_stop();
    EXPECT_FALSE(curfew::this_thread::stop_requested());
    EXPECT_FALSE(curfew::this_thread::get_stop_token().stop_possible());
  });
}

TEST(Adopt, threads_that_come_and_go_leave_nothing_behind) {
  const auto before = curfew::active_count();
  for (int round = 0; round < 50; ++round) {
    std::thread four[4];
    for (auto& t : four)
      t = std::thread([round] {
        auto here = curfew::adopt({.name = "churn", .daemon = round % 2 == 0});
        if (round % 3 == 0) here.keep();
      });
    for (auto& t : four) t.join();
  }
  EXPECT_EQ(curfew::active_count(), before);
  EXPECT_EQ(curfew::counts().daemon, 0U);
}

}  // namespace

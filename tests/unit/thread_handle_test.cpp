// SPDX-License-Identifier: Apache-2.0
// What a handle of a thread does and answers, before and after the end of the thread.
#include <curfew/thread.hpp>

#include <support/proc.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <sstream>
#include <unordered_set>
#include <utility>

#include <pthread.h>

namespace {

using curfew::thread;
using curfew_test::eventually;
using curfew_test::gate;

TEST(ThreadHandle, moves_and_leaves_nothing_behind) {
  gate end;
  thread a([&] { end.wait(); });
  const auto id = a.get_id();
  thread b(std::move(a));
  EXPECT_FALSE(a.joinable());
  EXPECT_EQ(a.get_id(), thread::id());
  EXPECT_EQ(b.get_id(), id);
  thread c;
  c = std::move(b);
  EXPECT_FALSE(b.joinable());
  EXPECT_EQ(c.get_id(), id);
  end.open();
  c.join();
}

TEST(ThreadHandle, swaps) {
  gate end;
  thread a([&] { end.wait(); });
  thread b;
  const auto id = a.get_id();
  a.swap(b);
  EXPECT_EQ(b.get_id(), id);
  EXPECT_FALSE(a.joinable());
  swap(a, b);
  EXPECT_EQ(a.get_id(), id);
  std::swap(a, b);
  EXPECT_EQ(b.get_id(), id);
  end.open();
  b.join();
}

TEST(ThreadHandle, ids_are_distinct_hashable_ordered_and_printable) {
  gate end;
  thread a([&] { end.wait(); });
  thread b([&] { end.wait(); });
  EXPECT_NE(a.get_id(), b.get_id());
  EXPECT_NE(a.get_id() < b.get_id(), b.get_id() < a.get_id());
  EXPECT_EQ(std::hash<thread::id>()(a.get_id()), std::hash<thread::id>()(a.get_id()));
  EXPECT_EQ((std::unordered_set<thread::id>{a.get_id(), b.get_id(), thread::id()}).size(), 3U);
  EXPECT_EQ((std::set<thread::id>{a.get_id(), b.get_id(), a.get_id()}).size(), 2U);
  std::ostringstream first;
  std::ostringstream second;
  first << a.get_id();
  second << b.get_id();
  EXPECT_NE(first.str(), second.str());
  end.open();
  a.join();
  b.join();
}

TEST(ThreadHandle, native_handle_is_the_pthread) {
  gate end;
  pthread_t self{};
  gate told;
  thread t([&] {
    self = pthread_self();
    told.open();
    end.wait();
  });
  told.wait();
  EXPECT_NE(pthread_equal(self, t.native_handle()), 0);
  end.open();
  t.join();
}

TEST(ThreadHandle, native_id_is_the_kernels) {
  gate end;
  thread t({.name = "kernel-knows"}, [&] { end.wait(); });
  ASSERT_TRUE(
      eventually([&] { return t.native_id() != 0 && curfew_test::kernel_name(t.native_id()) == "kernel-knows"; }));
  end.open();
  t.join();
}

TEST(ThreadHandle, after_the_join_there_is_nothing_to_join_but_answers) {
  thread t({.name = "gone", .daemon = true}, [] {});
  EXPECT_TRUE(t.joinable());
  t.join();
  EXPECT_FALSE(t.joinable());
  EXPECT_EQ(t.get_id(), thread::id());
  EXPECT_FALSE(t.is_alive());
  EXPECT_EQ(t.name(), "gone");
  EXPECT_TRUE(t.daemon());
  EXPECT_EQ(t.info().name, "gone");
  EXPECT_EQ(t.info().state, curfew::thread_state::ended);
  EXPECT_EQ(t.exception(), nullptr);
  // As std::jthread's: the stop state is the handle's, whatever has become of the thread.
  EXPECT_TRUE(t.request_stop());
  EXPECT_FALSE(t.request_stop());
}

TEST(ThreadHandle, after_detach_it_still_answers) {
  gate end;
  thread t({.name = "released", .daemon = true}, [&] { end.wait(); });
  const auto number = t.info().number;
  t.detach();
  EXPECT_EQ(t.get_id(), thread::id());
  EXPECT_EQ(t.native_handle(), thread::native_handle_type());
  EXPECT_EQ(t.name(), "released");
  EXPECT_EQ(t.info().number, number);
  EXPECT_TRUE(t.daemon());
  EXPECT_TRUE(t.is_alive());
  EXPECT_EQ(t.exception(), nullptr);
  end.open();
  EXPECT_TRUE(eventually([&] { return !t.is_alive(); }));
  EXPECT_EQ(t.info().state, curfew::thread_state::ended);
}

TEST(ThreadHandle, is_alive_turns_false_without_a_join) {
  gate end;
  thread t([&] { end.wait(); });
  EXPECT_TRUE(t.is_alive());
  end.open();
  EXPECT_TRUE(eventually([&] { return !t.is_alive(); }));
  EXPECT_TRUE(t.joinable());
  EXPECT_EQ(t.info().state, curfew::thread_state::ended);
  t.join();
}

TEST(ThreadHandle, the_destructor_gives_up_the_handle_and_the_thread_goes_on) {
  gate end;
  gate ended;
  {
    thread t({.name = "given-up"}, [&] {
      end.wait();
      ended.open();
    });
  }
  EXPECT_TRUE(curfew::find("given-up").has_value());
  EXPECT_FALSE(ended.is_open());
  end.open();
  ended.wait();
  EXPECT_TRUE(eventually([] { return !curfew::find("given-up").has_value(); }));
}

TEST(ThreadHandle, assigning_over_a_running_thread_gives_up_the_handle) {
  gate end;
  thread t({.name = "assigned-over"}, [&] { end.wait(); });
  t = thread([] {});
  EXPECT_TRUE(curfew::find("assigned-over").has_value());
  t.join();
  end.open();
  EXPECT_TRUE(eventually([] { return !curfew::find("assigned-over").has_value(); }));
}

TEST(ThreadHandle, detach_releases_the_thread) {
  gate end;
  thread t({.name = "detached"}, [&] { end.wait(); });
  t.detach();
  EXPECT_FALSE(t.joinable());
  EXPECT_TRUE(curfew::find("detached").has_value());
  end.open();
  EXPECT_TRUE(eventually([] { return !curfew::find("detached").has_value(); }));
}

TEST(ThreadHandle, join_waits_for_thread_local_destructors) {
  static std::atomic<bool> destroyed;
  struct late {
    ~late() {
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
      destroyed = true;
    }
    void touch() {}
  };
  destroyed = false;
  thread t([] {
    static thread_local late l;
    l.touch();
  });
  t.join();
  EXPECT_TRUE(destroyed);
}

TEST(ThreadHandle, many_may_join_one_handle) {
  gate end;
  gate begun[8];
  thread target([&] { end.wait(); });
  std::atomic<int> returned{0};
  {
    std::vector<std::jthread> joiners;
    for (gate& g : begun) {
      joiners.emplace_back([&] {
        g.open();
        if (target.join_for(std::chrono::hours(1))) ++returned;
      });
    }
    for (gate& g : begun) g.wait();
    // One that comes after the end may find it joined already; these are inside.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(returned, 0);
    end.open();
  }
  EXPECT_EQ(returned, 8);
}

TEST(ThreadHandle, hardware_concurrency_is_that_of_std_thread) {
  EXPECT_EQ(thread::hardware_concurrency(), std::thread::hardware_concurrency());
  EXPECT_EQ(curfew::jthread::hardware_concurrency(), std::thread::hardware_concurrency());
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// Names, whole in the registry and cut for the kernel.
#include <curfew/thread.hpp>

#include <support/proc.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <system_error>

#include <unistd.h>

namespace {

using curfew_test::eventually;
using curfew_test::gate;
using curfew_test::kernel_name;

/// What the kernel shows of a thread with this name.
std::string shown(std::string_view name) {
  gate end;
  curfew::thread t({.name = name}, [&] { end.wait(); });
  EXPECT_EQ(t.name(), name);
  EXPECT_TRUE(eventually([&] { return t.native_id() != 0; }));
  // The kernel's name is that of the program until the thread has set its own.
  const auto program = kernel_name(::getpid());
  EXPECT_TRUE(eventually([&] { return kernel_name(t.native_id()) != program; }));
  const auto seen = kernel_name(t.native_id());
  end.open();
  t.join();
  return seen;
}

TEST(Name, default_counts) {
  curfew::thread a([] {});
  curfew::thread b({.name = ""}, [] {});
  const auto first = a.name();
  const auto second = b.name();
  a.join();
  b.join();
  EXPECT_EQ(first.rfind("Thread-", 0), 0U) << first;
  EXPECT_EQ(second.rfind("Thread-", 0), 0U) << second;
  EXPECT_NE(first, second);
  EXPECT_EQ(first, "Thread-" + std::to_string(a.info().number));
}

TEST(Name, reaches_the_kernel) { EXPECT_EQ(shown("flusher"), "flusher"); }

TEST(Name, fifteen_bytes_fit) { EXPECT_EQ(shown("123456789012345"), "123456789012345"); }

TEST(Name, the_sixteenth_is_cut) { EXPECT_EQ(shown("1234567890123456"), "123456789012345"); }

TEST(Name, cut_at_a_character_of_two_bytes) {
  EXPECT_EQ(shown("äöüäöüäö"), "äöüäöüä");                                      // 16 bytes: the last would be half
  EXPECT_EQ(shown("a\u00e4\u00f6\u00fc\u00e4\u00f6\u00fc\u00e4"), "aäöüäöüä");  // 15 bytes: all fit
}

TEST(Name, cut_at_a_character_of_three_bytes) {
  EXPECT_EQ(shown("日本語日本"), "日本語日本");
  EXPECT_EQ(shown("x日本語日本"), "x日本語日");
  EXPECT_EQ(shown("xx日本語日本"), "xx日本語日");
}

TEST(Name, cut_at_a_character_of_four_bytes) {
  EXPECT_EQ(shown("🙂🙂🙂🙂"), "🙂🙂🙂");
  EXPECT_EQ(shown("abc🙂🙂🙂🙂"), "abc🙂🙂🙂");
}

TEST(Name, bytes_that_are_no_utf8_are_cut_at_fifteen) {
  const std::string bytes(20, '\xff');
  EXPECT_LE(shown(bytes).size(), 15U);
  const std::string continuations(20, '\x80');
  EXPECT_LE(shown(continuations).size(), 15U);
}

TEST(Name, renaming_a_running_thread_reaches_the_kernel) {
  gate end;
  curfew::thread t({.name = "first"}, [&] { end.wait(); });
  ASSERT_TRUE(eventually([&] { return t.native_id() != 0 && kernel_name(t.native_id()) == "first"; }));
  t.set_name("second-name-that-is-long");
  EXPECT_EQ(t.name(), "second-name-that-is-long");
  EXPECT_EQ(kernel_name(t.native_id()), "second-name-tha");
  EXPECT_TRUE(curfew::find("second-name-that-is-long").has_value());
  EXPECT_FALSE(curfew::find("first").has_value());
  end.open();
  t.join();
}

TEST(Name, a_name_with_a_nul_is_refused_and_the_old_one_stays) {
  gate end;
  curfew::thread t({.name = "stays"}, [&] { end.wait(); });
  try {
    t.set_name(std::string_view("go\0es", 5));
    ADD_FAILURE() << "accepted";
  } catch (const std::system_error& e) {
    EXPECT_EQ(e.code(), std::errc::invalid_argument);
  }
  EXPECT_EQ(t.name(), "stays");
  end.open();
  t.join();
}

TEST(Name, a_very_long_one_is_kept_whole) {
  const std::string name(10000, 'n');
  curfew::thread t({.name = name}, [] {});
  EXPECT_EQ(t.name(), name);
  t.join();
  EXPECT_EQ(t.info().name, name);
}

TEST(Name, the_option_is_copied) {
  std::string name = "transient";
  gate end;
  curfew::thread t({.name = name}, [&] { end.wait(); });
  name.assign(name.size(), 'x');
  EXPECT_EQ(t.name(), "transient");
  end.open();
  t.join();
}

TEST(Name, renaming_and_reading_at_once) {
  gate end;
  curfew::thread t([&] { end.wait(); });
  curfew::thread writer([&] {
    for (int i = 0; i < 1000; ++i) t.set_name(i % 2 == 0 ? "an-even-name-that-is-long" : "odd");
  });
  bool whole = true;
  while (writer.is_alive()) {
    const auto name = t.name();
    whole = whole && (name == "an-even-name-that-is-long" || name == "odd" || name.rfind("Thread-", 0) == 0);
  }
  writer.join();
  EXPECT_TRUE(whole);
  end.open();
  t.join();
}

}  // namespace

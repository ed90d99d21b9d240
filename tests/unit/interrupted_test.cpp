// SPDX-License-Identifier: Apache-2.0
// A thread that a signal has met at a waiting system call sleeps there only if it has entered it. Frames as the kernel
// leaves them for a handler, made by hand, and one of a thread that does sleep.
#include "os/interrupted.hpp"
#include <support/sanitizers.hpp>

#include <gtest/gtest.h>

#include <linux/futex.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <thread>

namespace {

namespace os = curfew::detail::os;

/// A frame of a thread that the kernel has sent back to the beginning of a system call. On arm64 that of a thread that
/// is about to enter it is the same.
struct frame {
  ucontext_t context{};

  frame(long number, long operation) {
#if defined(__x86_64__)
    alignas(64) static constexpr unsigned char code[] = {0x90, 0x90, 0x0f, 0x05, 0x90, 0x90};
    set(REG_RIP, reinterpret_cast<long>(code + 2));
    set(REG_RCX, reinterpret_cast<long>(code + 4));
    set(REG_RSP, 0x1000);
    set(REG_RAX, number);
    set(REG_RSI, operation);
#elif defined(__aarch64__)
    alignas(64) static constexpr std::uint32_t code[] = {0xd503201f, 0xd4000001, 0xd503201f};
    context.uc_mcontext.pc = reinterpret_cast<std::uint64_t>(code + 1);
    context.uc_mcontext.sp = 0x1000;
    context.uc_mcontext.regs[8] = static_cast<std::uint64_t>(number);
    context.uc_mcontext.regs[1] = static_cast<std::uint64_t>(operation);
#endif
  }
  /// Behind the call instead, which a signal has ended.
  void end_call() {
#if defined(__x86_64__)
    context.uc_mcontext.gregs[REG_RIP] += 2;
    set(REG_RAX, -EINTR);
#elif defined(__aarch64__)
    context.uc_mcontext.pc += 4;
    context.uc_mcontext.regs[0] = static_cast<std::uint64_t>(-EINTR);
#endif
  }
#if defined(__x86_64__)
  void set(int which, long value) { context.uc_mcontext.gregs[which] = value; }
#endif
  [[nodiscard]] bool looks_asleep() const { return os::asleep_in_system_call(&context); }
  [[nodiscard]] bool is_asleep() const { return os::surely_asleep_in_system_call(&context); }
  void meet() const { os::note_interruption(&context); }
};

#if defined(__x86_64__)

TEST(Interrupted, who_has_not_entered_a_call_has_no_way_back_from_it) {
  frame f(SYS_futex, FUTEX_WAIT);
  f.meet();
  EXPECT_TRUE(f.is_asleep());
  f.set(REG_RCX, 0x1000);
  f.meet();
  EXPECT_FALSE(f.is_asleep());
}

#elif defined(__aarch64__)

long voluntary_switches() {
  rusage used{};
  ::getrusage(RUSAGE_THREAD, &used);
  return used.ru_nvcsw;
}

void sleep_once() {
  const long before = voluntary_switches();
  while (voluntary_switches() == before) ::usleep(1000);
}

TEST(Interrupted, who_has_not_slept_between_two_looks_may_not_have_entered_the_call) {
  const frame f(SYS_futex, FUTEX_WAIT);
  EXPECT_TRUE(f.looks_asleep());
  // The thread of the test may sleep by chance, on a page that is read in: then once more.
  for (int tries = 0; tries < 100; ++tries) {
    sleep_once();
    const long before = voluntary_switches();
    f.meet();
    f.meet();
    const bool asleep = f.is_asleep();
    if (voluntary_switches() != before) continue;
    EXPECT_FALSE(asleep);
    return;
  }
  FAIL() << "the thread slept in each of 100 tries";
}

TEST(Interrupted, who_has_slept_between_two_looks_has_entered_the_call) {
  const frame f(SYS_futex, FUTEX_WAIT);
  f.meet();
  sleep_once();
  f.meet();
  EXPECT_TRUE(f.is_asleep());
}

TEST(Interrupted, who_is_met_elsewhere_is_met_for_the_first_time) {
  const frame f(SYS_futex, FUTEX_WAIT);
  frame other_frame = f;
  other_frame.context.uc_mcontext.sp += 64;
  frame other_word = f;
  other_word.context.uc_mcontext.regs[0] += 4;
  for (const frame& other : {other_frame, other_word, frame(SYS_read, 0)}) {
    f.meet();
    sleep_once();
    other.meet();
    EXPECT_TRUE(other.looks_asleep());
    EXPECT_FALSE(other.is_asleep());
  }
}

#endif

#if defined(__x86_64__) || defined(__aarch64__)

TEST(Interrupted, a_call_that_a_signal_has_ended_was_entered) {
  frame f(SYS_futex, FUTEX_WAIT);
  f.end_call();
  f.meet();
  EXPECT_TRUE(f.is_asleep());
}

TEST(Interrupted, a_call_that_does_not_wait_is_none_to_sleep_in) {
  for (const frame& f : {frame(SYS_write, 0), frame(SYS_futex, FUTEX_WAKE), frame(SYS_futex, FUTEX_WAKE_PRIVATE)})
    EXPECT_FALSE(f.looks_asleep());
  EXPECT_TRUE(frame(SYS_futex, FUTEX_WAIT_PRIVATE).looks_asleep());
}

std::atomic<int> looks{0}, found_at_look{0};

TEST(Interrupted, a_thread_that_sleeps_is_found_asleep) {
  if (curfew_test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer calls handlers late";
  struct sigaction action {};
  action.sa_flags = SA_RESTART | SA_SIGINFO;
  action.sa_sigaction = [](int, siginfo_t*, void* context) {
    os::note_interruption(context);
    ++looks;
    if (found_at_look == 0 && os::surely_asleep_in_system_call(context)) found_at_look = looks.load();
  };
  ASSERT_EQ(::sigaction(SIGUSR1, &action, nullptr), 0);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::thread sleeper([&] {
    char c;
    EXPECT_EQ(::read(ends[0], &c, 1), 1);
  });
  for (int tries = 0; tries < 2000 && found_at_look == 0; ++tries) {
    const int before = looks;
    ::usleep(5000);
    ::pthread_kill(sleeper.native_handle(), SIGUSR1);
    while (looks == before) ::usleep(1000);
  }
  EXPECT_NE(found_at_look, 0);
  EXPECT_EQ(::write(ends[1], "x", 1), 1);
  sleeper.join();
  ::close(ends[0]);
  ::close(ends[1]);
}

#endif

}  // namespace

// SPDX-License-Identifier: Apache-2.0
// A daemon is asked to freeze behind each single instruction of a lock and its unlock, alone and under another
// lock: wherever that is, it freezes soon, and holding nothing.
//! seconds: 0..120
//! out: every step was taken
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>
#include <support/single_step.hpp>

#include <sys/syscall.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdint>
#include <mutex>

#if CURFEW_TEST_CAN_STEP

using clock_type = std::chrono::steady_clock;

constexpr int ended_well = 40;
constexpr int ended_late = 41;
constexpr int lock_held = 42;
constexpr int no_such_step = 43;

static std::mutex outer;
static std::mutex inner;
static std::atomic<bool> is_child{false};
static clock_type::time_point exit_began;

struct looks {
  ~looks() {
    if (!is_child) return;
    // An order that the thread has missed is given again after 20 ms.
    const bool late = clock_type::now() - exit_began > std::chrono::milliseconds(19);
    ::_exit(!inner.try_lock() || !outer.try_lock() ? lock_held : late ? ended_late : ended_well);
  }
};
static looks last;

/// 0: the thread is not stepped, and asked once it has unlocked everything.
static int wanted_step = 0;
static std::atomic<int> steps{0};
static std::atomic<bool> unlocked{false};
static std::atomic<bool> at_step{false};

static bool a_signal_is_pending() {
  sigset_t pending;
  ::sigpending(&pending);
  for (int number = 1; number < NSIG; ++number)
    if (::sigismember(&pending, number) == 1) return true;
  return false;
}

/// The freeze's signal waits until the handler returns, and so comes behind that very instruction.
static void on_step(int, siginfo_t*, void* context) {
  if (unlocked) return curfew_test::end_stepping(context);
  if (++steps != wanted_step) return;
  // Without the C library, which keeps some signals from being masked.
  constexpr std::uint64_t all_signals = ~std::uint64_t{0};
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all_signals, nullptr, sizeof all_signals);
  at_step = true;
  while (!a_signal_is_pending()) {
  }
  curfew_test::end_stepping(context);
}

[[noreturn]] static void child(int step, bool nested) {
  is_child = true;
  wanted_step = step;
  struct sigaction action {};
  action.sa_sigaction = &on_step;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGTRAP, &action, nullptr);
  curfew::thread({.daemon = true}, [nested] {
    if (nested) outer.lock();
    if (wanted_step != 0) curfew_test::begin_stepping();
    inner.lock();
    inner.unlock();
    unlocked = true;
    if (nested) outer.unlock();
    if (wanted_step == 0) at_step = true;
    for (;;) asm volatile("pause");
  });
  if (!curfew_test::eventually([] { return at_step || (unlocked && wanted_step != 0); })) ::_exit(1);
  if (!at_step) ::_exit(no_such_step);
  exit_began = clock_type::now();
  std::exit(0);
}

static int status_of_child(int step, bool nested) {
  const pid_t pid = ::fork();
  if (pid == 0) child(step, nested);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int status_of_step(int step, bool nested) {
  // A busy machine makes many children late. A step that the freeze misses makes them all late, beside others in time:
  // without a step. Where those are late as well, the time is soon used up, and then it is only looked for locks.
  constexpr int enough = 20;
  static const auto patient_until = clock_type::now() + std::chrono::seconds(40);
  for (int missed = 0; missed < enough;) {
    const int status = status_of_child(step, nested);
    if (status != ended_late) return status;
    if (clock_type::now() >= patient_until) return ended_well;
    if (status_of_child(0, nested) != ended_late) ++missed;
  }
  return ended_late;
}

static void each_step(bool nested) {
  constexpr int fewest = 20;
  for (int step = 0;; ++step) {
    const int status = status_of_step(step, nested);
    if (status == ended_well) continue;
    if (status != no_such_step || step < fewest)
      std::fprintf(stderr, "step %d%s: status %d\n", step, nested ? " under another lock" : "", status);
    return;
  }
}

int main() {
  if (curfew_test::thread_sanitizer) curfew_test::skip("ThreadSanitizer delays signals");
  // The loader's part in a first call is not stepped through.
  for (std::mutex* m : {&outer, &inner}) {
    m->lock();
    m->unlock();
  }
  each_step(false);
  each_step(true);
  std::puts("every step was taken");
}

#else

int main() { curfew_test::skip("no way to step through a thread on this machine"); }

#endif

// SPDX-License-Identifier: Apache-2.0
#include "check/facts/sleepers.hpp"

#include "check/facts/recorder.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/safe_read.hpp"
#include "check/linux/sleeping.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <initializer_list>

namespace curfew::check {
namespace {

constexpr std::uint64_t no_limit = ~std::uint64_t{0};

std::uint64_t in_ns(const timespec& time) noexcept {
  if (time.tv_sec < 0 || time.tv_sec > 1'000'000'000'000) return no_limit;
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(time.tv_nsec);
}

/// How long the call lasts from now on at most.
std::uint64_t rest_of(const sleeping& in) noexcept {
  const auto time_at = [](std::uint64_t address, bool absolute, clockid_t clock) -> std::uint64_t {
    timespec wanted{};
    if (address == 0 || !read_safely(address, &wanted, sizeof wanted)) return no_limit;
    const std::uint64_t end = in_ns(wanted);
    if (!absolute) return end;
    const timespec now = kernel_time(clock);
    return end > in_ns(now) ? end - in_ns(now) : 0;
  };
  const auto milliseconds = [](std::uint64_t given) {
    const auto ms = static_cast<int>(given);
    return ms < 0 ? no_limit : static_cast<std::uint64_t>(ms) * 1'000'000;
  };
  const auto& a = in.arguments;
  switch (in.call) {
    case SYS_nanosleep:
      return time_at(a[0], false, CLOCK_MONOTONIC);
    case SYS_clock_nanosleep:
      return time_at(a[2], (a[1] & TIMER_ABSTIME) != 0, static_cast<clockid_t>(a[0]));
    case SYS_futex: {
      const auto what = a[1] & FUTEX_CMD_MASK;
      if (what != FUTEX_WAIT && what != FUTEX_WAIT_BITSET) return no_limit;
      return time_at(a[3], what == FUTEX_WAIT_BITSET,
                     (a[1] & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC);
    }
    case SYS_ppoll:
      return time_at(a[2], false, CLOCK_MONOTONIC);
    case SYS_pselect6:
      return time_at(a[4], false, CLOCK_MONOTONIC);
    case SYS_epoll_pwait:
      return milliseconds(a[3]);
#if defined(SYS_poll)
    case SYS_poll:
      return milliseconds(a[2]);
    case SYS_epoll_wait:
      return milliseconds(a[3]);
#endif
    default:
      return no_limit;
  }
}

constinit std::atomic<bool> timer_made{false};

bool timer_is_set() noexcept {
  if (timer_made.load()) return true;
  for (const int which : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) {
    itimerval now{};
    if (kernel_call(SYS_getitimer, which, &now) != 0 || now.it_value.tv_sec != 0 || now.it_value.tv_usec != 0)
      return true;
  }
  return false;
}

/// Only somebody in this process ends the call, or the time.
bool waits_inside(const sleeping& in) noexcept {
  return in.call == SYS_futex || in.call == SYS_nanosleep || in.call == SYS_clock_nanosleep;
}

/// Other for each time that the thread has had a processor.
std::uint64_t runs_of(pid_t tid) noexcept {
  char path[64], text[64];
  std::snprintf(path, sizeof path, "/proc/self/task/%d/schedstat", tid);
  const long length = read_small_file(path, text, sizeof text);
  std::uint64_t sum = 0;
  for (long i = 0; i < length; ++i) sum = sum * 31 + static_cast<unsigned char>(text[i]);
  return sum;
}

}  // namespace

void wait_for_sleepers(std::uint64_t until) noexcept {
  constexpr unsigned max = 64;
  struct state {
    struct {
      pid_t tid;
      std::uint64_t end, runs;
    } sleepers[max];
    unsigned count;
    std::uint64_t until;
  } all{{}, 0, until};
  for_each_other(
      [](pid_t tid, int, void* given) {
        auto& s = *static_cast<state*>(given);
        // Before it is asked how long it sleeps: one that wakes in between has run since.
        const std::uint64_t runs = runs_of(tid);
        sleeping in;
        if (s.count == max || !asleep(tid, in)) return;
        const std::uint64_t now = now_ns(), rest = rest_of(in);
        if (now < s.until && rest < s.until - now) s.sleepers[s.count++] = {tid, now + rest, runs};
      },
      &all);
  const auto pause = [](unsigned ms) {
    const timespec shortly{0, static_cast<long>(ms) * 1'000'000};
    kernel_call(SYS_nanosleep, &shortly, nullptr);
  };
  const bool any = all.count != 0;
  while (all.count != 0 && now_ns() < until) {
    pause(5);
    const std::uint64_t now = now_ns();
    unsigned left = 0;
    for (unsigned i = 0; i < all.count; ++i) {
      const auto& one = all.sleepers[i];
      if (now < one.end + 20'000'000 && runs_of(one.tid) == one.runs) all.sleepers[left++] = one;
    }
    all.count = left;
  }
  if (any) pause(20);
}

void note_timer() noexcept { timer_made.store(true); }

bool all_sleep_until(std::uint64_t until) noexcept {
  if (timer_is_set() || !is_proc_ours()) return false;
  struct state {
    std::uint64_t until;
    bool all;
  } look{until, true};
  for_each_other(
      [](pid_t tid, int, void* given) {
        auto& s = *static_cast<state*>(given);
        sleeping in;
        if (!s.all) return;
        s.all = asleep(tid, in) && waits_inside(in);
        if (!s.all) return;
        const std::uint64_t now = now_ns(), rest = rest_of(in);
        s.all = now >= s.until || rest > s.until - now;
      },
      &look);
  return look.all;
}

}  // namespace curfew::check

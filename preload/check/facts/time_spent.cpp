// SPDX-License-Identifier: Apache-2.0
#include "check/facts/time_spent.hpp"

#include "check/facts/recorder.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/sleeping.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace curfew::check {
namespace {

/// Its second number.
std::uint64_t delayed_in(const char* schedstat) noexcept {
  char text[96];
  const long length = read_small_file(schedstat, text, sizeof text - 1);
  if (length <= 0) return 0;
  text[length] = '\0';
  const char* const second = std::strchr(text, ' ');
  return second != nullptr ? std::strtoull(second, nullptr, 10) : 0;
}

}  // namespace

time_spent read_time_spent() noexcept {
  time_spent spent;
  rusage used{};
  if (kernel_call(SYS_getrusage, RUSAGE_THREAD, &used) == 0) spent.sleeps = static_cast<std::uint64_t>(used.ru_nvcsw);
  spent.delayed_ns = delayed_in("/proc/thread-self/schedstat");
  const timespec cpu = kernel_time(CLOCK_THREAD_CPUTIME_ID);
  spent.on_cpu_ns = static_cast<std::uint64_t>(cpu.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(cpu.tv_nsec);
  spent.at_ns = now_ns();
  return spent;
}

std::uint64_t asleep_between(const time_spent& from, const time_spent& to) noexcept {
  if (to.sleeps == from.sleeps) return 0;
  const std::uint64_t awake = (to.on_cpu_ns - from.on_cpu_ns) + (to.delayed_ns - from.delayed_ns);
  const std::uint64_t passed = to.at_ns - from.at_ns;
  return passed > awake ? passed - awake : 1;
}

std::uint64_t delays::look() noexcept {
  struct view {
    delays& its;
    thread now[most_threads];
    unsigned count;
    std::uint64_t longest;
  } seen{*this, {}, 0, 0};
  for_each_other(
      [](pid_t tid, int, void* given) {
        auto& in = *static_cast<view*>(given);
        if (in.count == most_threads) return;
        char path[64];
        std::snprintf(path, sizeof path, "/proc/self/task/%d/schedstat", tid);
        const std::uint64_t delayed = delayed_in(path);
        in.now[in.count++] = {tid, delayed};
        const thread* const begin = in.its.known_;
        const thread* const end = begin + in.its.count_;
        const thread* const before = std::find_if(begin, end, [tid](const thread& t) { return t.tid == tid; });
        if (before != end && delayed > before->delayed_ns)
          in.longest = std::max(in.longest, delayed - before->delayed_ns);
      },
      &seen);
  std::copy_n(seen.now, seen.count, known_);
  count_ = seen.count;
  return seen.longest;
}

}  // namespace curfew::check

// SPDX-License-Identifier: Apache-2.0
#include "check/facts/time_spent.hpp"

#include "check/facts/recorder.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/sleeping.hpp"

#include <sys/resource.h>

#include <cstdlib>
#include <cstring>

namespace curfew::check {

time_spent read_time_spent() noexcept {
  time_spent spent;
  rusage used{};
  if (kernel_call(SYS_getrusage, RUSAGE_THREAD, &used) == 0) spent.sleeps = static_cast<std::uint64_t>(used.ru_nvcsw);
  char text[96];
  const long length = read_small_file("/proc/thread-self/schedstat", text, sizeof text - 1);
  if (length > 0) {
    text[length] = '\0';
    if (const char* const second = std::strchr(text, ' ')) spent.delayed_ns = std::strtoull(second, nullptr, 10);
  }
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

}  // namespace curfew::check

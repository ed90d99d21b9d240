// SPDX-License-Identifier: Apache-2.0
#include "check/facts/giving_time.hpp"

#include "check/facts/recorder.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/sleeping.hpp"

#include <time.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace curfew::check {
namespace {

constinit std::atomic<std::uint64_t> time_given_us{0};
/// The exiting thread sleeps so that others run; it waits for nobody.
constinit std::atomic<bool> giving_time{false};
constexpr std::uint64_t time_budget_us = 1'000'000;

}  // namespace

void let_others_run(unsigned at_most_ms) noexcept {
  constexpr unsigned max = 64;
  constexpr std::uint64_t enough_ns = 300'000;
  struct state {
    struct {
      pid_t tid;
      std::uint64_t since;
    } busy[max];
    unsigned count;
  } all{{}, 0};
  const auto on_processor = [](pid_t tid) -> std::uint64_t {
    char path[64], text[64];
    std::snprintf(path, sizeof path, "/proc/self/task/%d/schedstat", tid);
    const long length = read_small_file(path, text, sizeof text - 1);
    if (length <= 0) return ~std::uint64_t{0};
    text[length] = '\0';
    return std::strtoull(text, nullptr, 10);
  };
  static constexpr auto read_processor_time = on_processor;
  for_each_other(
      [](pid_t tid, int, void* given) {
        auto& s = *static_cast<state*>(given);
        sleeping in;
        if (s.count == max || asleep(tid, in)) return;
        s.busy[s.count++] = {tid, read_processor_time(tid)};
      },
      &all);
  timespec pause{0, 200'000};
  const std::uint64_t until = now_ns() + std::uint64_t{at_most_ms} * 1'000'000;
  do {
    kernel_call(SYS_nanosleep, &pause, nullptr);
    unsigned left = 0;
    for (unsigned i = 0; i < all.count; ++i) {
      sleeping in;
      const std::uint64_t now = on_processor(all.busy[i].tid);
      if (now - all.busy[i].since < enough_ns && !asleep(all.busy[i].tid, in)) all.busy[left++] = all.busy[i];
    }
    all.count = left;
  } while (all.count != 0 && now_ns() < until);
}

bool is_giving_time() noexcept { return giving_time.load(); }

void give_time(std::uint64_t us, unsigned at_most_ms) noexcept {
  // Less and less, when there are thousands of objects.
  const std::uint64_t given = time_given_us.load();
  if (given >= time_budget_us) return;
  if (given > time_budget_us / 2) us /= 4;
  const std::uint64_t begin = now_ns();
  giving_time.store(true);
  const timespec left{static_cast<time_t>(us / 1'000'000), static_cast<long>(us % 1'000'000) * 1000};
  kernel_call(SYS_nanosleep, &left, nullptr);
  let_others_run(at_most_ms);
  giving_time.store(false);
  time_given_us.fetch_add((now_ns() - begin) / 1000);
}

}  // namespace curfew::check

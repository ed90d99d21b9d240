// SPDX-License-Identifier: Apache-2.0
#include "exit/stall.hpp"

#include "exit/freeze_daemons.hpp"
#include "exit/probe_thread.hpp"

#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <span>

namespace curfew::inline v1::detail {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// The same sleep in so many looks, and for so long.
constexpr int looks_to_be_sure = 3;
constexpr auto still_limit = milliseconds(12);
/// Asleep again and again for so long, and so often, without using the processor or moving data.
constexpr auto polling_limit = milliseconds(30);
constexpr unsigned polling_sleeps = 4;
/// Sleeps so long count for more: nobody looks once a second a third time if he has only work to do.
constexpr auto long_sleep = milliseconds(500);
/// One that works, or moves data, in between makes progress: after so long it is taken for polling nevertheless.
constexpr auto working_limit = milliseconds(1500);
constexpr auto moving_limit = milliseconds(1500);
constexpr auto work_per_sleep = std::chrono::microseconds(200);
/// Input of which only a part comes from this process may be what is waited for.
constexpr auto mixed_limit = milliseconds(200);
/// Where it is not known who is waited for, and threads that are not frozen do something: they may be the ones.
constexpr auto patience_with_pollers = milliseconds(100);
constexpr auto patience_with_others = milliseconds(500);
/// Whose sleep lasts longer than the limit of the exit ends nothing before that does.
constexpr auto usual_limit = std::chrono::seconds(10);
constexpr auto quiet_limit = std::chrono::seconds(3);

/// Ids of all threads of the process that are neither curfew's own nor frozen nor the kernel's.
std::span<const pid_t> live_threads() noexcept {
  static constinit pid_t ids[4096];
  const int count = std::min(os::list_tasks(ids), static_cast<int>(std::size(ids)));
  int kept = 0;
  for (int i = 0; i < count; ++i)
    if (!is_helper(ids[i]) && !is_frozen_task(ids[i]) && !os::is_kernel_worker(ids[i])) ids[kept++] = ids[i];
  return {ids, static_cast<std::size_t>(kept)};
}

}  // namespace

pid_t awaited_thread(const os::task_status& wait) noexcept {
  constexpr std::uint64_t id_bits = 0x3fffffff, awaited_lock = 2;
  if (!os::waits_on_futex(wait)) return 0;
  const std::uint64_t expected = wait.arguments[2] & 0xffffffff;
  // pthread_join waits while the word is the thread's id; a mutex is waited for while its word is 2, and has its
  // owner's id eight bytes behind.
  if (expected != awaited_lock) return static_cast<pid_t>(expected & id_bits);
  std::uint32_t owner = 0;
  if (!os::read_own_memory(wait.arguments[0] + 8, &owner, sizeof owner)) return 0;
  return static_cast<pid_t>(owner);
}

void observed_thread::begin_again(steady_time now) noexcept {
  place_count_ = looks_ = awake_ = sleeps_ = 0;
  places_since_ = now;
  sleeps_then_ = last_.sleeps;
  work_then_ = os::read_work(tid_);
}

bool observed_thread::look(steady_time now) noexcept {
  const os::task_status before = last_;
  if (!os::read_task(tid_, last_)) return false;
  if (places_since_ == steady_time{}) begin_again(now);
  ++looks_;
  if (last_.state != 'S') {
    same_ = 0;
    if (++awake_ > 8 && awake_ * 2 > looks_) begin_again(now);
    return true;
  }
  const bool same_place = before.state == 'S' && last_.call == before.call && last_.code == before.code &&
                          last_.stack_pointer == before.stack_pointer;
  if (same_place && last_.switches == before.switches) {
    ++same_;
    return true;
  }
  same_ = 0;
  same_since_ = now;
  const auto known = std::span(places_).first(place_count_);
  if (std::ranges::none_of(
          known, [this](const place& p) { return p.code == last_.code && p.stack_pointer == last_.stack_pointer; })) {
    if (place_count_ == places_.size()) begin_again(now);
    places_[place_count_++] = {last_.stack_pointer, last_.code};
  }
  ++sleeps_;
  return true;
}

bool observed_thread::is_still(steady_time now) const noexcept {
  return last_.state == 'S' && same_ >= looks_to_be_sure && now - same_since_ >= still_limit;
}

bool observed_thread::is_polling(steady_time now) const noexcept {
  const auto taken = now - places_since_;
  const unsigned seen = sleeps_ - std::min(sleeps_, place_count_);  // how often it has come back to one
  if (seen == 0 || taken < polling_limit) return false;
  if (seen + 1 < polling_sleeps && taken / (seen + 1) < long_sleep) return false;
  const os::task_work work = os::read_work(tid_);
  const auto used = nanoseconds(work.run_ns - work_then_.run_ns);
  // On a busy machine it is ready to run for a while before it does: that is neither work nor sleep.
  const auto own = taken - std::min<nanoseconds>(taken, nanoseconds(work.delayed_ns - work_then_.delayed_ns));
  if (used * 2 > own) return false;
  if (work.transfers != work_then_.transfers) return own >= moving_limit;
  const auto turns = static_cast<long>(std::max<std::uint64_t>(last_.sleeps - sleeps_then_, 1));
  return used / turns <= work_per_sleep || own >= working_limit;
}

bool stall_detector::is_waiting(const observed_thread& thread, steady_time now) const noexcept {
  switch (thread.facts(usual_limit).what) {
    case os::wait_for::nothing:
      // Between two sleeps.
      return thread.status().state != 'D' && thread.is_polling(now);
    case os::wait_for::outside_input:
      return false;
    case os::wait_for::time:
      return thread.is_polling(now);
    case os::wait_for::mixed_input:
      return thread.is_polling(now) || (thread.is_still(now) && now - waits_since_ >= mixed_limit);
    case os::wait_for::another_thread:
    case os::wait_for::a_signal:
    case os::wait_for::inside_input:
      return thread.is_still(now) || thread.is_polling(now);
  }
  return false;
}

observed_thread* stall_detector::observe(pid_t tid, steady_time now) noexcept {
  const auto known = std::span(others_).first(other_count_);
  auto at = std::ranges::find(known, tid, &observed_thread::tid);
  if (at == known.end()) {
    if (other_count_ == others_.size()) return nullptr;
    others_[other_count_++] = observed_thread(tid);
    at = std::span(others_).first(other_count_).end() - 1;
  }
  return at->look(now) ? &*at : nullptr;
}

/// Could somebody who is not frozen give it? Who is still could not: he waits himself.
stall_detector::answer stall_detector::nobody_else_could(pid_t waiting, steady_time now) noexcept {
  auto patience = milliseconds(0);
  for (const pid_t tid : live_threads()) {
    if (tid == waiting || tid == exiting_.tid()) continue;
    const observed_thread* const other = observe(tid, now);
    if (other == nullptr || (other->is_still(now) && other->facts(usual_limit).ends_soon)) {
      patience = patience_with_others;
    } else if (!other->is_still(now)) {
      patience = std::max(patience, other->is_polling(now) ? patience_with_pollers : patience_with_others);
    }
  }
  return now - waits_since_ >= patience ? answer::yes : answer::perhaps;
}

stall_detector::answer stall_detector::can_come_from_frozen_only(const observed_thread& waiting, steady_time now,
                                                                 int depth) noexcept {
  const pid_t awaited = awaited_thread(waiting.status());
  if (awaited > 1 && is_frozen_task(awaited)) return answer::yes;
  if (awaited > 1 && awaited != waiting.tid() && awaited != exiting_.tid() && !is_helper(awaited) && depth < 8) {
    os::task_status exists;
    if (os::read_task(awaited, exists)) {
      const observed_thread* const next = observe(awaited, now);
      if (next == nullptr || !is_waiting(*next, now)) return answer::perhaps;
      return can_come_from_frozen_only(*next, now, depth + 1);
    }
  }
  return nobody_else_could(waiting.tid(), now);
}

bool stall_detector::look(pid_t exiting, steady_time now) noexcept {
  if (exiting_.tid() != exiting) {
    *this = {};
    exiting_ = observed_thread(exiting);
  }
  if (!exiting_.look(now)) return false;
  const bool sleeps = exiting_.status().state == 'S';
  if (exiting_.status().state == 'D' || (sleeps && !exiting_.is_still(now) && !exiting_.is_polling(now)))
    waits_ = false;
  if (!waits_) waits_since_ = now;
  if (!is_waiting(exiting_, now)) {
    // A still sleep of a kind that needs longer keeps its beginning.
    waits_ = exiting_.is_still(now) && exiting_.facts(usual_limit).what == os::wait_for::mixed_input;
    if (!waits_) other_count_ = 0;
    return false;
  }
  waits_ = true;
  return can_come_from_frozen_only(exiting_, now, 0) == answer::yes;
}

namespace {

/// All that threads of the process have done, but for the calling one.
std::uint64_t activity() noexcept {
  rusage all{}, own{};
  ::getrusage(RUSAGE_SELF, &all);
  ::getrusage(RUSAGE_THREAD, &own);
  const auto sum = [](const rusage& r) {
    return static_cast<std::uint64_t>(r.ru_nvcsw) +
           static_cast<std::uint64_t>(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000 +
           static_cast<std::uint64_t>(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1000;
  };
  return sum(all) - sum(own);
}

/// A timer that is set may end any wait by its signal; so may a child that ends or writes something.
bool something_is_under_way() noexcept {
  itimerval set{};
  if (::getitimer(ITIMER_REAL, &set) == 0 && timerisset(&set.it_value)) return true;
  siginfo_t child{};
  if (::waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) == 0) return true;
  return os::has_timers();
}

}  // namespace

bool quiet_clock::look(steady_time now, nanoseconds soon) noexcept {
  const std::uint64_t done = activity();
  if (since_ == steady_time{} || done > activity_ + 1)
    since_ = now;  // the calling thread's own cost to others is small
  activity_ = done;
  if (now - since_ < quiet_limit) return false;
  for (const pid_t tid : live_threads()) {
    os::task_status status;
    if (!os::read_task(tid, status)) continue;
    if (status.state == 'R' || status.state == 'D' || os::facts_of_sleep(status, soon).ends_soon) {
      since_ += milliseconds(500);  // look again then
      return false;
    }
  }
  if (!something_is_under_way()) return true;
  since_ += milliseconds(500);
  return false;
}

}  // namespace curfew::inline v1::detail

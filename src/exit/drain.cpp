// SPDX-License-Identifier: Apache-2.0
#include "exit/drain.hpp"

#include "exit/foreign.hpp"
#include "exit/policy.hpp"
#include "exit/shields.hpp"
#include "exit/state.hpp"
#include "exit/timeline.hpp"
#include "exit/wait_cycles.hpp"
#include "os/clock.hpp"
#include "registry/reaping.hpp"
#include "registry/registry.hpp"
#include "report/thread_text.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

namespace curfew::inline v1::detail {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constinit std::atomic<void (*)()> progress_hooks[2] = {};

/// Threads that the exit has to see the end of, and those that would wait for it.
struct still_there {
  std::vector<record_ref> regular;
  std::vector<thread_info> foreign;
  std::vector<thread_info> in_a_cycle;
  bool about_to_be_gone = false;  ///< over, but the OS thread is not gone yet: look again soon

  [[nodiscard]] bool nobody() const noexcept { return regular.empty() && foreign.empty(); }
  [[nodiscard]] std::vector<thread_info> described() const {
    std::vector<thread_info> all(foreign);
    for (const record_ref& r : regular) all.push_back(describe(*r));
    return all;
  }
};

still_there look(const record* self) {
  still_there found;
  // Whoever is over is reaped first, with or without a handle: its end is the OS thread's.
  for (const listed list : {listed::ended, listed::unreaped})
    for (auto& r : records_where(list, [](const record& x) { return x.kind == thread_kind::regular; }))
      if (!try_reap(*r)) found.about_to_be_gone = true;
  for (const listed list : {listed::live, listed::ended, listed::unreaped}) {
    auto here = records_where(list, [&](const record& x) { return is_waited_for_locked(x, self); });
    std::ranges::move(here, std::back_inserter(found.regular));
    for (auto& r : records_where(list, [&](const record& x) {
           return &x != self && x.kind == thread_kind::regular && waits_for_the_exit_locked(x, self);
         }))
      found.in_a_cycle.push_back(describe(*r));
  }
  return found;
}

/// Everybody who was ever waited for, for the report and the timeline. A thread is described once, however often it is
/// looked at.
class waited_for {
 public:
  explicit waited_for(std::vector<thread_info>& all) : all_(all) {
    for (const thread_info& t : all) known_.emplace(t.number, t.number == 0 ? t.native_id : 0);
  }
  void add(const still_there& now, steady_time since) {
    for (const record_ref& r : now.regular)
      if (known_.emplace(r->number, 0).second) add(describe(*r), since);
    for (const thread_info& t : now.foreign)
      if (known_.emplace(t.number, t.number == 0 ? t.native_id : 0).second) add(t, since);
    if (!timeline_is_open()) return;
    show_who_has_gone(now);
    flush_timeline();
  }

 private:
  void add(thread_info thread, steady_time since) {
    timeline_waits_for(thread, since);
    if (timeline_is_open()) shown_.push_back(thread.native_id);
    all_.push_back(std::move(thread));
  }
  void show_who_has_gone(const still_there& now) {
    std::set<pid_t> there;
    for (const record_ref& r : now.regular) there.insert(r->cell.tid.load());
    for (const thread_info& t : now.foreign) there.insert(t.native_id);
    std::erase_if(shown_, [&there](pid_t id) { return !there.contains(id) && (timeline_has_gone(id), true); });
  }

  std::vector<thread_info>& all_;
  std::vector<pid_t> shown_;
  std::set<std::pair<std::uint64_t, pid_t>> known_;  // the number; of foreign threads, which have none, the kernel's id
};

}  // namespace

void set_progress_hook(progress_hook what, void (*progress)()) noexcept {
  progress_hooks[static_cast<unsigned>(what)].store(progress);
}

bool has_progress_hooks() noexcept {
  return std::ranges::any_of(progress_hooks, [](const auto& hook) { return hook.load() != nullptr; });
}

void run_progress_hooks() {
  for (const auto& hook : progress_hooks)
    if (const auto progress = hook.load()) progress();
}

bool is_waited_for_locked(const record& r, const record* self) noexcept {
  return &r != self && r.kind == thread_kind::regular && !r.in_exit.load() && !r.is_frozen_for_good() &&
         !waits_for_the_exit_locked(r, self);
}

void ask_to_stop(whom kind) {
  const auto wanted = kind == whom::regular ? thread_kind::regular : thread_kind::daemon;
  for (auto& r : records_where(listed::live, [&](const record& x) {
         return x.kind == wanted && !x.is_frozen_for_good() && x.is_asked_at_the_end();
       })) {
    std::stop_source stop(std::nostopstate);
    {
      const lock_registry lock;  // that of an adopted thread goes when it is released
      stop = r->stop;
    }
    stop.request_stop();
  }
}

namespace {

/// To look at thousands of threads takes milliseconds, and each of them wakes the exiting thread when it ends: it
/// spends no more time on looking than on waiting, so that the whole grows with their number and not faster.
constexpr auto quick_look = std::chrono::microseconds(200);

void rest_after(nanoseconds look, steady_time until) noexcept {
  if (look < quick_look) return;
  const os::futex_word never{0};
  os::futex_wait(never, 0, std::min(until, os::later(os::now_steady(), look)));
}

void report_whom(nanoseconds waited, const still_there& now) {
  report_text text;
  append_waiting(text, waited, now.described(), now.in_a_cycle);
  report_line(text.view());
}

/// Sleeps until `look()` says that there is nobody left to wait for; meanwhile says whom it waits for. False when
/// `deadline` came first.
template <class Look>
bool wait_until_gone(const exit_options& options, steady_time began, steady_time deadline, exit_report& report,
                     Look look) {
  const record* const self = own_record_if_known();
  bool watched = false;
  bool ended = false;
  auto report_in = options.report_after;
  waited_for all(report.waited_for);
  cycle_search cycles;
  for (;;) {
    const std::uint32_t seen = changes().load();
    const auto look_began = os::now_steady();
    run_progress_hooks();
    const still_there now = look();
    all.add(now, began);
    report.not_waited_for = now.in_a_cycle;
    exit_now.only_tasks_left.store(std::ranges::all_of(now.regular, [](const auto& r) { return r->is_worker.load(); }));
    ended = now.nobody();
    const auto time = os::now_steady();
    if (ended) break;
    if (time >= deadline) {
      report_whom(time - began, now);
      break;
    }
    steady_time until = deadline;
    if (report_in >= milliseconds(0)) {
      auto due = os::later(began, report_in);
      if (time >= due) {
        report_whom(time - began, now);
        report_in = std::max(report_in * 2, milliseconds(1));
        due = os::later(began, report_in);
      }
      until = std::min(until, due);
    }
    if (!std::exchange(watched, true)) {
      watch_changes();
      continue;  // something may have changed before anybody was told that we watch
    }
    if (now.foreign.empty()) {
      if (cycles.look(now.regular, self, time)) continue;
      until = std::min(until, cycles.next());
    }
    if (now.about_to_be_gone) until = std::min(until, time + std::chrono::microseconds(50));
    rest_after(time - look_began, until);
    os::futex_wait(changes(), seen, until, os::mark_of_drain);
  }
  report.waited = os::now_steady() - began;
  return ended;
}

}  // namespace

bool wait_for_regular(const exit_options& options, steady_time began, steady_time deadline, exit_report& report) {
  const record* const self = own_record_if_known();
  return wait_until_gone(options, began, deadline, report, [self] { return look(self); });
}

bool wait_for_detached(const exit_options& options, steady_time began, steady_time until, exit_report& report) {
  return wait_until_gone(options, began, until, report, [&report] {
    still_there now;
    now.foreign = describe_detached();
    now.in_a_cycle = report.not_waited_for;
    return now;
  });
}

void let_daemons_leave() {
  const auto until = os::later(os::now_steady(), milliseconds(100));
  for (bool left = true; left && os::now_steady() < until;) {
    left = false;
    for (const listed list : {listed::ended, listed::unreaped})
      for (auto& r : records_where(list, [](const record& x) { return x.daemon() && !x.is_frozen_for_good(); }))
        left = !try_reap(*r) || left;
    if (left) os::pause_for(std::chrono::microseconds(50));
  }
}

void wait_for_shields_and_grace(const exit_options& options, steady_time deadline, exit_report& report) noexcept {
  const record* const self = own_record_if_known();
  const auto began = os::now_steady();
  const auto shields_until = std::min(deadline, os::later(began, options.shield_limit));
  watch_changes();
  for (;;) {
    const std::uint32_t seen = changes().load();
    const auto time = os::now_steady();
    // The latest moment that somebody may still use.
    steady_time until = time;
    const unsigned shields = shields_worth_waiting_for();
    if (shields != 0) until = std::max(until, shields_until);
    {
      const lock_registry lock;
      for (const record* r = first_locked(listed::live); r != nullptr; r = r->next)
        if (r != self && r->daemon() && !r->is_frozen_for_good() && r->is_asked_at_the_end())
          until = std::max(until, std::min(deadline, os::later(began, r->grace.value_or(options.daemon_grace))));
    }
    if (time >= until) {
      report.shields_cut = shields;
      return;
    }
    os::futex_wait(changes(), seen, until, os::mark_of_drain);
  }
}

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
#include "exit/freeze_daemons.hpp"

#include "exit/drain.hpp"
#include "exit/foreign.hpp"
#include "exit/freeze_probe.hpp"
#include "exit/freeze_schedule.hpp"
#include "exit/frozen_threads.hpp"
#include "exit/last_resort.hpp"
#include "exit/new_threads.hpp"
#include "exit/policy.hpp"
#include "exit/second_exit.hpp"
#include "exit/state.hpp"
#include "exit/stream_holder.hpp"
#include "exit/untracked.hpp"
#include "exit/watch.hpp"
#include "exit/write_out.hpp"
#include "os/blocked_signals.hpp"
#include "os/c_library.hpp"
#include "os/clock.hpp"
#include "os/freeze.hpp"
#include "os/pthreads.hpp"
#include "os/tasks.hpp"
#include "registry/reaping.hpp"
#include "registry/registry.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <span>
#include <vector>

namespace curfew::inline v1::detail {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr auto slice = milliseconds(3);
/// How long a thaw may take until all are gone from where they stood.
constexpr auto thaw_limit = milliseconds(50);
/// How long the exiting thread answers those who ask it by signals, in the hope of a moment when nobody does.
constexpr auto answers_limit = milliseconds(300);
/// How long threads that nobody saw being made are asked.
constexpr auto untracked_limit = milliseconds(200);
constexpr unsigned untracked_rounds = 10, untracked_turns = 20;
constexpr std::size_t room_for_untracked = 16;

constinit std::atomic<bool> is_freezing{false};

struct freezing {
  freezing() noexcept { is_freezing.store(true); }
  ~freezing() { is_freezing.store(false); }
  freezing(const freezing&) = delete;
  freezing& operator=(const freezing&) = delete;
};

/// By an earlier freeze, which must not be thawed for this one.
bool is_told_to_freeze(const os::freeze_cell& cell) noexcept {
  return cell.order.load() != static_cast<std::uint32_t>(os::freeze_order::run);
}

/// Everybody who must not execute anything any more. Threads that are over count too, until the OS thread is gone:
/// destructors of pthread keys may still run on them.
void choose(purpose why, bool main_too, frozen_threads& chosen) {
  const record* const self = own_record_if_known();
  const pid_t goes_on = why == purpose::process_ends ? goes_on_inside() : 0;
  const auto is_to_be_frozen = [&](const record& r) {
    if (&r == self || is_told_to_freeze(r.cell) || (goes_on != 0 && r.cell.tid.load() == goes_on)) return false;
    switch (r.kind) {
      case thread_kind::daemon:
        return true;
      case thread_kind::regular:
        // One that has called exit during finish() is to run the exit itself, afterwards. Whoever else is left at the
        // end of the process waits in a cycle, or did when phase frozen began.
        return (r.in_exit.load() && why != purpose::host_goes_on) ||
               (r.list == listed::live && why == purpose::process_ends) || waits_for_the_exit_locked(r, self);
      case thread_kind::main:
        return main_too;
      case thread_kind::foreign:
        // What has called finish() and may be joined is left alone like other foreign threads: somebody may have to.
        return why == purpose::process_ends && r.called_finish.load() && os::is_detached(r.pthread.load());
    }
    return false;
  };
  for (const listed list : {listed::live, listed::ended, listed::unreaped})
    for (auto& r : records_where(list, is_to_be_frozen))
      if (!try_reap(*r)) chosen.records.push_back(std::move(r));  // once it is gone its id may be another thread's
  for (auto& r : chosen.records) {
    chosen.infos.push_back(describe(*r));
    chosen.cells.push_back(&r->cell);
    chosen.pthreads.push_back(r->pthread.load());
  }
}

void choose_foreign(frozen_threads& chosen) {
  detached_threads found;
  collect_detached(found);
  for (std::size_t i = found.cells.size(); i-- != 0;)
    if (is_told_to_freeze(*found.cells[i])) {
      found.cells.erase(found.cells.begin() + static_cast<std::ptrdiff_t>(i));
      found.pthreads.erase(found.pthreads.begin() + static_cast<std::ptrdiff_t>(i));
      found.infos.erase(found.infos.begin() + static_cast<std::ptrdiff_t>(i));
    }
  chosen.cells.insert(chosen.cells.end(), found.cells.begin(), found.cells.end());
  chosen.pthreads.insert(chosen.pthreads.end(), found.pthreads.begin(), found.pthreads.end());
  chosen.infos.insert(chosen.infos.end(), found.infos.begin(), found.infos.end());
}

unsigned random_microseconds() noexcept {
  const auto ns = static_cast<std::uint64_t>(os::now_steady().time_since_epoch().count());
  return 50 + static_cast<unsigned>((ns * 0x9e3779b97f4a7c15U) >> 56);  // the low bits of a clock, spread
}

/// The report says who was frozen and who could not be. Those that ended meanwhile are neither. Everything is frozen,
/// so texts are swapped within what was reserved: nothing is allocated or freed.
void sort_out(const frozen_threads& all, exit_report& report, std::vector<thread_info>& ended) noexcept {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.cells.size(); ++i) {
    const os::freeze_cell& cell = *all.cells[i];
    os::task_status status;
    // One that has begun just now is on its way to where it freezes itself.
    for (int looks = 0; looks < 20 && !os::is_frozen(cell); ++looks) os::pause_for(microseconds(50));
    // One that has never begun, and that curfew did not make, may as well not be there: whoever was to make it failed.
    if (os::is_frozen(cell) && (report.frozen[i].native_id != 0 || report.frozen[i].kind != thread_kind::foreign)) {
      std::swap(report.frozen[kept++], report.frozen[i]);
      continue;
    }
    auto& where = os::read_task(cell.tid.load(), status) ? report.not_frozen : ended;
    std::swap(where.emplace_back(), report.frozen[i]);
  }
  while (report.frozen.size() > kept) report.frozen.pop_back();  // empty ones
  report.foreign_frozen =
      static_cast<unsigned>(std::ranges::count(report.frozen, thread_kind::foreign, &thread_info::kind));
}

struct outcome {
  os::freeze_result result;
  unsigned rounds = 0;
  bool abandoned = false;  ///< the exiting thread was stopped by a signal, as collectors do: nobody is frozen
};

using step = freeze_schedule::step;

/// Asks, until all are frozen or the schedule wants something else: probe, thaw or accept. Comes back with ask_on when
/// the exiting thread is asked for something itself.
step freeze_once(std::span<os::freeze_cell* const> cells, freeze_schedule& schedule, const os::blocked_signals& signals,
                 steady_time end_of_answers, outcome& o) noexcept {
  os::freezer freezer(cells, policy.preloaded);
  schedule.begin_round(os::now_steady());
  // In turns with and without them held: who prints under a lock of its own must get at the stream to give up the lock,
  // and who prints without pause is met outside of it only while it cannot get in.
  for (bool hold = false;; hold = !hold) {
    unsigned left;
    {
      std::optional<stream_holder> held_streams;
      if (hold) held_streams.emplace();
      left = freezer.wait(os::now_steady() + slice);
    }
    freeze_schedule::view seen{.left = left};
    if (left != 0) {
      if (os::now_steady() < end_of_answers && signals.is_asked()) return step::ask_on;
      seen.silent = freezer.somebody_is_silent();
      seen.progress = freezer.has_progressed();
    }
    switch (const step next = schedule.look(os::now_steady(), seen)) {
      case step::ask_on:
        break;
      case step::force_holders:
        freezer.force_holders();
        break;
      case step::force_all:
        freezer.force();
        break;
      default:
        o.result = freezer.result();
        // One that had not begun has begun since the look, and freezes itself at its first step.
        if (next == step::probe && o.result.left != 0) break;
        return next;
    }
  }
}

outcome freeze_in_rounds(std::span<os::freeze_cell* const> cells, os::blocked_signals& signals) {
  outcome o;
  signals.block();
  const auto end_of_answers = os::now_steady() + answers_limit;
  freeze_schedule schedule(os::now_steady());
  probe_thread* with = provided_probe_thread();
  for (;;) {
    step next = freeze_once(cells, schedule, signals, end_of_answers, o);
    o.rounds = schedule.rounds();
    const bool is_free = next == step::probe && all_is_free(with, o.rounds - 1);
    if (os::now_steady() < end_of_answers && signals.is_asked()) {
      // A collector that stops the world, say, and waits for the exiting thread: only now, while nobody is frozen.
      os::thaw(cells, os::now_steady() + thaw_limit);
      const bool was_stopped = signals.answer();
      if (!was_stopped || !policy.preloaded) continue;
      o.result = {};
      o.abandoned = true;
      return o;
    }
    if (next == step::ask_on) continue;
    if (next == step::probe) next = schedule.probed(is_free);
    if (next == step::accept) {
      // There was no moment without one. Its sender is frozen, and the handler would wait for that thread.
      if (!policy.preloaded && signals.is_asked() && !anybody_else_runs(::gettid())) signals.drop();
      return o;
    }
    os::thaw_for_a_while(cells, schedule.thaws_sleepers(), os::now_steady() + thaw_limit);
    do_not_wait_for_watch();  // the probe thread may be stuck for good
    if (next == step::thaw_and_hold_streams) {
      make_stream_holders();
      continue;
    }
    os::pause_for(microseconds(random_microseconds()));
    // The probe thread gets its lock now, or in one of the next rounds. If not, it is not the frozen who hold it: the
    // exiting thread (exit in a constructor of a library, under the loader's lock), or a thread that keeps it, does.
    const bool idle = with != nullptr && with->wait_idle(os::now_steady() + thaw_limit);
    if (schedule.thawed(os::now_steady(), idle, with == nullptr || os::holds_loader_lock())) {
      with = probe_thread::make();
      if (with != nullptr) provide_probe_thread(with);
    }
  }
}

/// Best effort: what made them may have closed the signal, and then they run on, as they would without us.
unsigned freeze_untracked_once() noexcept {
  for (unsigned round = 0;; ++round) {
    os::freezer freezer(untracked_cells(), policy.preloaded);
    freezer.wait(os::now_steady() + untracked_limit);
    probe_thread* const with = provided_probe_thread();
    if (with != nullptr && !with->busy() && c_library_is_free(with, round)) {
      const unsigned frozen = freezer.result().frozen;
      return frozen - std::min(frozen, thaw_joinable_untracked());
    }
    os::thaw(untracked_cells(), os::now_steady() + thaw_limit);
    if (with == nullptr || round == untracked_rounds || !with->wait_idle(os::now_steady() + thaw_limit)) return 0;
    os::pause_for(microseconds(random_microseconds()));
  }
}

/// Frozen threads make no more of them: soon there is no new one. How many are frozen.
unsigned freeze_untracked(std::span<os::freeze_cell* const> known) noexcept {
  unsigned frozen = 0;
  for (unsigned turn = 0; turn < untracked_turns; ++turn) {
    if (!untracked_cells().empty()) frozen = freeze_untracked_once();
    if (find_untracked_threads(known) == 0) break;
  }
  return frozen;
}

/// Before the freeze. What they were doing is lost.
void count_those_at_work(const frozen_threads& all) noexcept {
  const auto count =
      std::ranges::count_if(all.cells, [](const os::freeze_cell* c) { return is_at_work(c->tid.load()); });
  exit_now.at_work.store(static_cast<unsigned>(count));
}

/// Nobody who lives waits for a frozen waiter, or sleeps on because that one was woken instead.
void leave_conditions(std::span<os::freeze_cell* const> cells) noexcept {
  for (os::freeze_cell* cell : cells)
    if (os::is_frozen(*cell)) os::leave_condition_for_good(cell->waits);
  const void* last = nullptr;
  for (const os::freeze_cell* cell : cells) {
    const void* on = cell->waits.counted_in.load();
    if (on == nullptr) on = cell->condition.load();
    if (on == nullptr || on == last || !os::is_frozen(*cell)) continue;
    os::wake_others(on);
    last = on;
  }
}

}  // namespace

bool enter_phase_frozen(bool anyhow) noexcept {
  const record* const self = own_record_if_known();
  {
    const lock_registry lock;
    for (const record* r = first_locked(listed::live); r != nullptr && !anyhow; r = r->next)
      if (is_waited_for_locked(*r, self)) return false;
    exit_now.now.store(phase::frozen);
  }
  note_change();
  return true;
}

void freeze_daemons(const exit_options& options, purpose why, bool main_too, exit_report& report,
                    os::blocked_signals& signals) {
  auto* const chosen = new frozen_threads;
  choose(why, main_too, *chosen);
  if (options.foreign != foreign_threads::leave) choose_foreign(*chosen);
  if (policy.preloaded) find_untracked_threads(chosen->cells);
  if (chosen->cells.empty() && (!policy.preloaded || untracked_cells().empty())) return delete chosen;
  report.frozen.reserve(chosen->infos.size() + room_for_untracked);
  report.frozen = chosen->infos;
  report.not_frozen.reserve(chosen->infos.size());
  chosen->ended.reserve(chosen->infos.size());
  chosen->earlier = last_frozen;
  const unsigned before = exit_now.frozen.load();
  last_frozen = chosen;

  // All threads that may be needed are made before anybody is frozen: making one takes locks. Without them nobody
  // could see to it that the exit ends.
  const freezing in_here;
  if (provided_probe_thread() == nullptr) provide_probe_thread(probe_thread::make());
  bool prepared = provided_probe_thread() != nullptr;
  if (why != purpose::host_goes_on) {
    prepared = have_watch_soon(provided_probe_thread()) && prepared;
    watch_destructors();  // from now on: what follows must not hang either
  }
  prepared = os::prepare_freezing() && prepared;
  static std::atomic<bool> learnt{false};
  // Not waited for: it is done before the first thaw, which is when it is needed.
  if (prepared && !learnt.exchange(true) && os::has_to_learn_from_own_calls())
    provided_probe_thread()->run(&os::learn_from_own_calls, os::now_steady());
  if (!prepared) exit_now.end_at_once.store(true);
  prepare_writing_out();
  prepare_freeze_probe();

  if (options.daemons == ending::skip_destructors) exit_now.end_at_once.store(true);
  // Nobody needs to freeze for a process that is about to be gone.
  if (!prepared || (exit_now.end_at_once.load() && why == purpose::process_ends)) {
    if (!prepared) std::swap(report.frozen, report.not_frozen);
    return;
  }
  const bool is_heard = policy.is_heard != nullptr && policy.is_heard();
  if (is_heard) count_those_at_work(*chosen);
  const auto began = os::now_steady();
  exit_now.frozen.store(before + static_cast<unsigned>(chosen->cells.size()));
  const outcome o = freeze_in_rounds(chosen->cells, signals);
  report.freeze_time = os::now_steady() - began;
  report.freeze_rounds = std::max(o.rounds, 1U);  // also one that is broken off was a round
  exit_now.frozen.store(before + o.result.frozen);
  if (o.result.left != 0) exit_now.end_at_once.store(true);
  if (o.abandoned && policy.threads_are_thawed != nullptr)
    policy.threads_are_thawed(static_cast<unsigned>(chosen->cells.size()));
  if (policy.preloaded && !o.abandoned) {
    exit_now.frozen.fetch_add(freeze_untracked(chosen->cells));
  } else if (a_frozen_thread_holds_a_stream()) {  // a program that did not ask wants its streams back if its threads
                                                  // are thawed
    do_not_wait_for_watch();
    if (probe_thread* const with = provided_probe_thread()) run_unless_it_hangs(*with, &give_up_frozen_streams);
  }
  if (!policy.preloaded || is_heard) name_the_new(chosen->cells, chosen->infos, report.frozen);
  leave_conditions(chosen->cells);
  leave_conditions(untracked_cells());
  // A host may drop its privileges after finish(), when nobody looks on.
  if (why == purpose::host_goes_on)
    for (os::freeze_cell* const cell : chosen->cells)
      if (os::is_frozen(*cell) && cell->tid.load() != 0) os::let_answer_setuid(*cell);
  sort_out(*chosen, report, chosen->ended);
  append_untracked(report.frozen);
}

namespace {

/// On the probe thread: it may have to wait for those who leave.
void wake_thawed_waiters() {
  for (const os::freeze_cell* const cell : last_frozen->cells)
    if (const void* const condition = cell->condition.load())
      ::pthread_cond_broadcast(static_cast<pthread_cond_t*>(const_cast<void*>(condition)));
}

}  // namespace

bool thaw_all_frozen() noexcept {
  if (last_frozen == nullptr || exit_now.frozen.load() == 0 || !exit_now.steps_done.load()) return false;
  exit_now.thawed.store(exit_now.frozen.load());
  // Before the first of them runs: the process may be gone right after that.
  if (policy.threads_are_thawed != nullptr) policy.threads_are_thawed(exit_now.frozen.load());
  thaw_late_foreign_threads();
  const auto until = os::now_steady() + milliseconds(50);
  os::thaw(last_frozen->cells, until);
  os::thaw(untracked_cells(), until);
  // What was notified while only frozen threads waited there was not sent on: a wake-up too many harms nobody.
  probe_thread* const with = provided_probe_thread();
  if (with != nullptr) with->run(&wake_thawed_waiters, os::now_steady() + milliseconds(100));
  return true;
}

bool freeze_goes_on() noexcept { return is_freezing.load(); }

bool let_frozen_answer_signals(os::asked_by whom) noexcept {
  if (last_frozen == nullptr) return false;
  bool asked = false;
  for (const auto cells : {std::span<os::freeze_cell* const>(last_frozen->cells), untracked_cells()})
    for (os::freeze_cell* const cell : cells)
      if (os::is_frozen(*cell) && cell->tid.load() != 0) asked = os::let_answer_signals(*cell, whom) || asked;
  return asked;
}

}  // namespace curfew::inline v1::detail

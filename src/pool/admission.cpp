// SPDX-License-Identifier: Apache-2.0
// How a task comes into a pool, and who is told.
#include "exit/state.hpp"
#include "exit/to_be_frozen.hpp"
#include "os/clock.hpp"
#include "pool/state.hpp"

#include <curfew/error.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <system_error>

namespace curfew::inline v1 {
namespace detail {
namespace {

enum class answer : unsigned char { taken, dropped, full, stopped, closed, broken, frozen };

/// No worker was available for the task with that number: it is taken back, unless somebody has it by now.
bool take_back_locked(pool_state& p, std::uint64_t number) noexcept {
  task_list mine;
  for (task_list* list : {&p.waited, &p.abandon})
    list->move_to(mine, [&](const task& t) { return t.number == number; });
  add_queued_locked(p);
  return mine.first != nullptr;
}

/// Another worker will come by, also when those that are about to be started are refused too.
bool has_somebody_locked(const pool_state& p) noexcept {
  // One that is busy does not count where no task waits for another.
  if (p.limit == as_many_as_tasks) return waiting_locked(p) <= p.searching.load();
  for (const worker* w = p.workers; w != nullptr; w = w->next)
    if (w->started || w->self != nullptr) return true;
  return false;
}

unsigned able_workers_locked(const pool_state& p) noexcept {
  unsigned able = 0;
  for (const worker* w = p.workers; w != nullptr; w = w->next) able += w->started && !is_lost_locked(*w) ? 1 : 0;
  return able;
}

/// Is there a worker for one task more, where workers leave when they find nothing? One that is there and not lost
/// takes it before it leaves, and nobody goes on before it has left. But it may wait for what that task does: so there
/// is one more as long as there may be, unless one is looking.
bool is_served_locked(const pool_state& p) noexcept {
  const unsigned able = able_workers_locked(p);
  return able != 0 && (able >= p.limit || p.searching.load(std::memory_order_relaxed) != 0);
}

/// The exit waits for the pool's workers and for nobody else. A thread that is about to be frozen, and submits on and
/// on, would keep them from leaving and so the exit from ending. Its task is taken all the same, because a `finish`
/// task that was taken runs; and it is not kept in here for good, because it may hold a lock that a task waits for.
/// Instead each such task makes it pause, and the pauses grow: soon the workers find nothing to do between two of them.
void pause_before_a_late_task(pool_state& p) noexcept {
  if (!exit_now.only_tasks_left.load() || !is_to_be_frozen()) return;
  const auto before = std::min(p.late_tasks.fetch_add(1), 1000U);
  const auto until = os::later(os::now_steady(), before * before * std::chrono::microseconds(100));
  while (exit_now.now.load() != phase::frozen && os::now_steady() < until) os::pause_for(std::chrono::milliseconds(1));
}

/// The end has begun, of the program or of the pool: workers do not park any more, and some may not come back.
answer admit_late(pool_state& p, task* t) {
  if (t->kind == at_exit::finish) pause_before_a_late_task(p);
  std::uint64_t number;
  {
    const lock_pool lock(p);
    if (exit_now.now.load() == phase::frozen) return answer::frozen;
    if (t->kind == at_exit::abandon || (t->kind == at_exit::skip && p.ending)) return answer::dropped;
    push_locked(p, t);
    number = t->number;
    if (is_served_locked(p)) return answer::taken;
    ++p.total;
    add_searching_locked(p, 1);
  }
  try {
    start_worker(p);
  } catch (...) {
    const lock_pool lock(p);
    const bool one_will_do = p.limit != as_many_as_tasks && able_workers_locked(p) != 0;
    if (!one_will_do && take_back_locked(p, number)) throw;
  }
  return answer::taken;
}

/// Waits for room in the queue, for one counted in `blocked`, with a place there.
wait_end wait_for_room(pool_state& p, parking_place& place, stop_choice stop, steady_time deadline) {
  struct leaver {
    pool_state& p;
    ~leaver() {
      const lock_pool lock(p);
      --p.blocked;
    }
  } const left{p};
  return place.sleep_and_leave(stop, deadline);
}

answer admit(pool_state& p, task* t, stop_choice stop, steady_time deadline) {
  const bool held_to_limit = p.queue_limit != no_limit && !is_own_task(p);
  wake_up call;
  std::uint64_t number = 0;
  for (auto end = wait_end::ready; number == 0;) {
    std::optional<parking_place> place;
    {
      const lock_pool lock(p);
      if (p.closed && (!p.last_tasks || !is_own_task(p))) return p.broken ? answer::broken : answer::closed;
      if (p.closed || p.ending) break;
      if (!held_to_limit || p.waited.size + p.abandon.size < p.queue_limit) {
        push_locked(p, t);
        number = t->number;  // from here on the task may be gone
        // Whoever searches by now, and takes one of those before them, calls the next.
        call = wake_up_locked(p, p.waited.size + p.abandon.size);
        continue;
      }
      if (end == wait_end::stopped) {
        // The end asks first, and opens the queues next.
        if (exit_now.now.load() >= phase::draining) break;
        return answer::stopped;
      }
      if (end == wait_end::timed_out || deadline == at_once) return answer::full;
      ++p.blocked;
      place.emplace().enter(&p.blocked);
    }
    end = wait_for_room(p, *place, stop, deadline);
  }
  if (number == 0) return admit_late(p, t);
  wake_worker(call.wake);
  if (!call.start) return answer::taken;
  try {
    start_worker(p);
  } catch (...) {
    bool room;
    {
      const lock_pool lock(p);
      if (has_somebody_locked(p) || !take_back_locked(p, number)) return answer::taken;
      room = p.blocked != 0;
    }
    if (room) wake_at(&p.blocked, 1);
    throw;
  }
  return answer::taken;
}

}  // namespace
}  // namespace detail

bool thread_pool::give(detail::task* t, detail::stop_choice stop, detail::steady_time deadline) {
  using detail::answer;
  // A task that nobody will run is not destroyed: its future would hold an error, for a thread that is about to be
  // frozen.
  if (detail::freeze_if_too_late()) return true;
  answer said;
  try {
    said = detail::admit(*state_, t, stop, deadline);
  } catch (...) {
    t->act(t, detail::fate::drop);
    throw;
  }
  if (said == answer::taken) return true;
  if (said == answer::frozen && detail::freeze_if_too_late()) return true;
  t->act(t, detail::fate::drop);
  switch (said) {
    case answer::closed:
      throw pool_closed("curfew: a task was submitted to a pool that was shut down");
    case answer::broken:
      throw pool_closed("curfew: a task was submitted to a pool whose initialiser has thrown");
    case answer::frozen:
      throw exit_in_progress("curfew: a task was submitted at the end of the process");
    default:
      return false;
  }
}

void thread_pool::give_or_drop(detail::task* t) {
  try {
    give(t, nullptr, detail::steady_time::max());
  } catch (const std::system_error&) {  // NOLINT(bugprone-empty-catch): it is dropped by now
  }
}

}  // namespace curfew::inline v1

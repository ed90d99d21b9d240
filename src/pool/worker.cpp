// SPDX-License-Identifier: Apache-2.0
// A worker's life.
#include "pool/state.hpp"
#include "registry/registry.hpp"
#include "thread/exceptions.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace curfew::inline v1::detail {

constinit thread_local worker* own_worker = nullptr;
constinit thread_local pool_state* fork_pool = nullptr;
constinit thread_local fork_place* own_place = nullptr;
constinit thread_local root fork_root = 0;

namespace {

void link_locked(worker& w) noexcept {
  w.previous = nullptr;
  w.next = w.pool.workers;
  if (w.next != nullptr) w.next->previous = &w;
  w.pool.workers = &w;
}

void unlink_locked(worker& w) noexcept {
  if (w.previous != nullptr) w.previous->next = w.next;
  if (w.next != nullptr) w.next->previous = w.previous;
  if (w.pool.workers == &w) w.pool.workers = w.next;
}

void claim_place_locked(worker& w) noexcept {
  for (std::size_t i = 0; i < w.pool.own_places && w.place == nullptr; ++i)
    if (!w.pool.places[i].claimed.exchange(true)) w.place = &w.pool.places[i];
}

/// What is left to do by a worker that has left.
struct departure {
  bool unowned = false;  ///< nobody else destroys it
  bool changed = false;
};

/// The calling worker leaves the pool. When the lock is given up it may be destroyed by who joins it, or has just
/// started it.
departure retire_locked(worker& w) noexcept {
  pool_state& p = w.pool;
  // Its thread_local destructors may use the pool, when its place is another's.
  fork_pool = nullptr;
  own_place = nullptr;
  unlink_locked(w);
  if (w.place != nullptr) w.place->claimed.store(false);
  --p.total;
  if (w.searching) add_searching_locked(p, -1);
  if (w.abandoned) --p.abandoned;
  find_out_growth_locked(p);
  w.retired = true;
  if (w.started && p.closed) w.below = std::exchange(p.ended, &w);
  return {w.started && !p.closed, change_locked(p)};
}

void depart(worker* w, pool_state& p, departure how) noexcept {
  own_worker = nullptr;
  if (how.unowned) delete w;
  tell(p, how.changed);
  release_pool(p);
}

/// The oldest task. Those that come after it are put where workers find them without the lock.
task* take_locked(pool_state& p) noexcept {
  task* t = p.next_tasks.pop();
  if (t != nullptr) return t;
  if (p.abandon.first != nullptr && (p.waited.first == nullptr || p.abandon.first->number < p.waited.first->number)) {
    t = p.abandon.pop();
  } else {
    t = p.waited.pop();
    if (p.takes_batches && !p.ending && !p.closed && p.waited.size != 0)
      p.next_tasks.fill(p.waited, p.abandon.first != nullptr ? p.abandon.first->number : UINT64_MAX);
  }
  add_queued_locked(p);
  return t;
}

enum class advice : unsigned char { run, search, park, leave };

struct next_step {
  advice what;
  task* found = nullptr;
};

/// What to do now. `searched`: it has looked for a while.
next_step look(worker& w, bool searched, departure& leaving) noexcept {
  pool_state& p = w.pool;
  wake_up call;
  bool changed = false;
  bool room = false;
  next_step step{advice::search};
  {
    const lock_pool lock(p);
    step.found = take_locked(p);
    if (step.found != nullptr) {
      step.what = advice::run;
      if (w.searching) add_searching_locked(p, -1);
      w.searching = false;
      if (!p.ending && !p.closed) call = wake_up_locked(p, waiting_locked(p));
      room = p.blocked != 0;
    } else if (p.closed || p.ending) {
      // In the same breath: who adds a task sees that it is gone, or it sees the task.
      step.what = advice::leave;
      leaving = retire_locked(w);
    } else {
      if (!w.searching) add_searching_locked(p, 1);
      w.searching = true;
      if (is_idle_locked(p)) changed = change_locked(p);
      if (searched || p.searching.load(std::memory_order_relaxed) > p.searchers) {
        step.what = advice::park;
        add_searching_locked(p, -1);
        w.searching = false;
        w.parked = true;
        w.wake.store(0, std::memory_order_relaxed);
        w.below = std::exchange(p.parked, &w);
        p.sleeping.store(p.sleeping.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      }
    }
  }
  carry_out(p, call);
  tell(p, changed);
  if (room) wake_at(&p.blocked, 1);
  return step;
}

/// Does a half that is offered, whosever.
bool do_some_half(worker& w) {
  for (const cut kind : {cut::waited_for, cut::daemon}) {
    half* const found = find_half(w.pool, kind, any_root);
    if (found == nullptr) continue;
    stop_searching(w);
    wake_for_halves(w.pool);
    do_half_as(w, found, kind);
    return true;
  }
  return false;
}

/// For some microseconds. True when there is something.
bool search(worker& w) {
  pool_state& p = w.pool;
  return spin_until(
      [&] { return p.queued.load(std::memory_order_relaxed) != 0 || p.next_tasks.size() != 0 || do_some_half(w); },
      w.patience, os::forever);
}

/// Sleeps until it is woken. False when it was not for so long that the worker is not needed any more.
bool park(worker& w, departure& leaving) noexcept {
  pool_state& p = w.pool;
  const waiting inside;
  auto until = p.keep < p.limit ? steady_deadline(p.idle) : os::forever;
  for (;;) {
    while (w.wake.load(std::memory_order_acquire) == 0)
      if (!os::futex_wait(w.wake, 0, until)) break;
    if (w.wake.load(std::memory_order_acquire) != 0) return true;
    const lock_pool lock(p);
    if (!w.parked) return true;
    if (p.total <= p.keep) {
      until = os::forever;  // it is one of those that stay: the others leave
      continue;
    }
    worker** at = &p.parked;
    while (*at != &w) at = &(*at)->below;
    *at = w.below;
    w.parked = false;
    p.sleeping.store(p.sleeping.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
    leaving = retire_locked(w);
    return false;
  }
}

/// The next task; null when the worker has left, or belongs to the parent of this process.
task* next_task(worker& w, departure& leaving) {
  const unsigned generation = w.generation;
  // One that is counted among those that search has to say that it begins.
  if (!w.searching)
    if (task* const t = w.pool.next_tasks.pop()) return t;
  bool searched = false;
  for (next_step step = w.searching ? next_step{advice::search} : look(w, searched, leaving);;
       step = look(w, searched, leaving)) {
    switch (step.what) {
      case advice::run:
        return step.found;
      case advice::leave:
        return nullptr;
      case advice::search:
        searched = !search(w);
        if (generation != w.pool.generation) return nullptr;  // a half has forked
        break;
      case advice::park:
        // What was offered before it was in the list of the parked, nobody has called it for.
        if (somebody_offers(w.pool)) wake_for_halves(w.pool);
        if (!park(w, leaving)) return nullptr;
        // One look at least: too many that search may send it to sleep at once, and what it was called for would call
        // it, or the next, again and again.
        if (w.pool.queued.load(std::memory_order_relaxed) == 0) do_some_half(w);
        if (generation != w.pool.generation) return nullptr;
        searched = false;
        break;
    }
  }
}

/// Its initialiser did not come back as it should: the pool is of no use.
void break_pool(pool_state& p) noexcept {
  task_list waiting_tasks;
  {
    const lock_pool lock(p);
    p.closed = p.broken = true;
    find_out_growth_locked(p);
    gather_locked(p);
    waiting_tasks.append(p.waited);
    waiting_tasks.append(p.abandon);
    add_queued_locked(p);
  }
  wake_at(&p.blocked, all_of_them);
  drop_all(waiting_tasks);
}

void initialise_worker(worker& w) {
  if (!w.pool.initialiser) return;
  struct break_guard {
    pool_state* p;
    ~break_guard() {
      if (p != nullptr) break_pool(*p);
    }
  } unless_done{&w.pool};
  call_as_thread_does(
      [&] {
        w.pool.initialiser();
        unless_done.p = nullptr;
      },
      [&](const std::exception_ptr& exception) { tell_hook(*w.self, exception); });
}

/// A task has ended its thread (pthread_exit, or it was cancelled): others do what is left.
void leave_by_force(worker& w) noexcept {
  pool_state& p = w.pool;
  bool more;
  departure leaving;
  {
    const lock_pool lock(p);
    leaving = retire_locked(w);
    // A half that was offered while it still counted has called nobody.
    more = waiting_locked(p) != 0 || somebody_offers(p);
    if (more) {
      ++p.total;
      add_searching_locked(p, 1);
      find_out_growth_locked(p);
    }
  }
  if (more) {
    try {
      start_worker(p);
    } catch (...) {  // NOLINT(bugprone-empty-catch): the next that comes by tries again
    }
  }
  depart(&w, p, leaving);
}

struct leaver {
  worker* w;
  ~leaver() {
    if (w != nullptr) leave_by_force(*w);
  }
};

bool run_one(worker& w, task* t) {
  const bool as_daemon = t->kind == at_exit::abandon;
  const unsigned generation = w.generation;
  if (as_daemon) become_daemon(w);
  w.current = as_daemon ? nullptr : t;
  w.code.store(reinterpret_cast<const void*>(t->act));
  run_task(t);
  w.code.store(nullptr);
  // In the child of a fork this is the main thread, and the pool another.
  if (generation != w.pool.generation) return false;
  w.current = nullptr;
  if (as_daemon) become_regular(w);
  return true;
}

void work(worker& w) {
  pool_state& p = w.pool;
  own_worker = &w;
  fork_pool = &p;
  own_place = w.place;
  {
    const lock_pool lock(p);
    w.self = own_record_if_known();
  }
  const unsigned generation = w.generation;
  leaver guard{&w};
  departure leaving;
  initialise_worker(w);
  for (task* t; (t = next_task(w, leaving)) != nullptr;)
    if (!run_one(w, t)) break;
  guard.w = nullptr;
  if (generation == p.generation) depart(&w, p, leaving);  // it may be gone
}

}  // namespace

void start_worker(pool_state& p) {
  std::unique_ptr<worker> made;
  bool linked = false;
  try {
    made = std::make_unique<worker>(p);
    worker* const w = made.get();
    unsigned number;
    {
      const lock_pool lock(p);
      w->generation = p.generation;
      w->searching = true;
      number = ++p.named;
      claim_place_locked(*w);
      link_locked(*w);
    }
    retain_pool(p);
    linked = true;
    makes_a_worker = true;
    struct made_it {
      ~made_it() { makes_a_worker = false; }
    } const afterwards;
    thread started({.name = p.name + "-" + std::to_string(number),
                    .daemon = false,
                    .stack_size = p.stack_size,
                    .created_at = p.created_at},
                   [w](const std::stop_token&) { work(*w); });
    const lock_pool lock(p);
    w->handle = std::move(started);
    w->started = true;
    if (w->retired && p.closed) {
      w->below = std::exchange(p.ended, w);
    } else if (w->retired) {
      return;  // its handle is given up with it
    }
    static_cast<void>(made.release());
  } catch (...) {
    bool changed;
    {
      const lock_pool lock(p);
      if (linked) {
        unlink_locked(*made);
        if (made->place != nullptr) made->place->claimed.store(false);
      }
      --p.total;
      add_searching_locked(p, -1);
      find_out_growth_locked(p);
      changed = change_locked(p);
    }
    tell(p, changed);
    if (linked) release_pool(p);
    throw;
  }
}

}  // namespace curfew::inline v1::detail

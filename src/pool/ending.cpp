// SPDX-License-Identifier: Apache-2.0
// The end of the program, and forks, as pools see them.
#include "exit/drain.hpp"
#include "exit/host_parts.hpp"
#include "exit/state.hpp"
#include "pool/state.hpp"
#include "pool/task_memory.hpp"
#include "registry/registry.hpp"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <vector>

namespace curfew::inline v1::detail {

constinit std::atomic<std::uint32_t> forks_survived{0};

namespace {

/// Constant-initialised, never destroyed.
struct pool_list {
  os::lock mutex;
  pool_state* first = nullptr;
  std::size_t size = 0;
};
constinit pool_list pools;

class lock_list {
 public:
  lock_list() noexcept { pools.mutex.acquire(); }
  ~lock_list() { pools.mutex.release(); }
  lock_list(const lock_list&) = delete;
  lock_list& operator=(const lock_list&) = delete;

 private:
  os::no_freeze unfrozen_;
};

/// From now on only `finish` tasks begin, and workers leave when there are none.
void progress(pool_state& p) {
  task_list dropped;
  extra_workers more;
  bool changed;
  bool blocked;
  {
    const lock_pool lock(p);
    p.ending = true;
    find_out_growth_locked(p);
    gather_locked(p);
    p.waited.move_to(dropped, [](const task& t) { return t.kind != at_exit::finish; });
    dropped.append(p.abandon);
    add_queued_locked(p);
    more = plan_workers_locked(p);
    while (worker* const w = unpark_locked(p)) wake_worker(w);  // now: later it may be gone
    changed = change_locked(p);
    blocked = p.blocked != 0;
  }
  tell(p, changed);
  if (blocked) wake_at(&p.blocked, all_of_them);
  drop_all(dropped);
  start_workers(p, more);
}

void progress_all() { for_each_pool(&progress); }

constinit const host_part in_host{&pools_of_host::restart, &pools_of_host::end_library, &pools_of_host::work_for,
                                  &pools_of_host::run_here_for};

// Around a fork nobody is in a pool.
void before_fork() noexcept {
  os::no_freeze::begin();
  pools.mutex.acquire();
  for (pool_state* p = pools.first; p != nullptr; p = p->next) p->mutex.acquire();
  lock_task_memory();
}

void unlock_after_fork() noexcept {
  unlock_task_memory();
  for (pool_state* p = pools.first; p != nullptr; p = p->next) p->mutex.release();
  pools.mutex.release();
  os::no_freeze::end();
}

/// One of those that the calling thread offers halves at.
bool is_own(const fork_place& place) noexcept {
  for (const fork_place* own = own_place; own != nullptr; own = own->previous_place)
    if (own == &place) return true;
  return false;
}

/// The child has no workers, and the tasks are the parent's.
void empty_locked(pool_state& p) noexcept {
  p.waited = p.abandon = {};
  p.next_tasks.forget();
  p.workers = p.parked = p.ended = nullptr;
  p.total = p.abandoned = p.joining = p.watchers = p.blocked = 0;
  p.ending = exit_now.now.load() >= phase::draining;
  ++p.generation;
  p.queued.store(0);
  p.searching.store(0);
  p.sleeping.store(0);
  find_out_growth_locked(p);
  for (std::size_t i = 0; i < p.place_count; ++i) {
    fork_place& place = p.places[i];
    if (is_own(place)) {
      place.halves.lose_those_taken();
    } else {
      place.claimed.store(false);
      place.halves.clear();
    }
  }
}

void after_fork_in_child() noexcept {
  forks_survived.fetch_add(1);
  for (pool_state* p = pools.first; p != nullptr; p = p->next) empty_locked(*p);
  own_worker = nullptr;
  unlock_after_fork();
}

/// If no thread is available, the thread that waits does what would be lost.
void run_here(pool_state& p) {
  for (;;) {
    task* t;
    {
      const lock_pool lock(p);
      t = p.waited.pop();
      add_queued_locked(p);
    }
    if (t == nullptr) return;
    run_task(t);
  }
}

}  // namespace

void list_pool(pool_state& p) noexcept {
  const lock_list lock;
  p.next = pools.first;
  if (p.next != nullptr) p.next->previous = &p;
  pools.first = &p;
  ++pools.size;
  // The exit moves its phase first, then looks at the list.
  p.ending = exit_now.now.load() >= phase::draining;
  find_out_growth_locked(p);
}

void for_each_pool(const std::function<void(pool_state&)>& what) {
  std::vector<pool_state*> all;
  for (bool complete = false; !complete;) {
    std::size_t size;
    {
      const lock_list lock;
      size = pools.size;
      complete = size <= all.capacity();
      if (complete)
        for (pool_state* p = pools.first; p != nullptr; p = p->next) {
          ++p->references;
          all.push_back(p);
        }
    }
    if (!complete) all.reserve(size + 4);
  }
  for (pool_state* p : all) {
    what(*p);
    release_pool(*p);
  }
}

void retain_pool(pool_state& p) noexcept {
  const lock_list lock;
  ++p.references;
}

void release_pool(pool_state& p) noexcept {
  {
    const lock_list lock;
    if (--p.references != 0) return;
    if (p.previous != nullptr) p.previous->next = p.next;
    if (p.next != nullptr) p.next->previous = p.previous;
    if (pools.first == &p) pools.first = p.next;
    --pools.size;
  }
  while (worker* const w = p.ended) {
    p.ended = w->below;
    delete w;
  }
  delete &p;
}

bool is_lost_locked(const worker& w) noexcept {
  if (w.abandoned) return true;
  // In phase frozen nobody begins any more: who was about to start it may be frozen, or it as it began.
  if (w.self == nullptr) return exit_now.now.load() == phase::frozen;
  const record* const self = own_record_if_known();
  if (w.self == self && exit_now.runner.load() == w.self->cell.tid.load()) return true;
  if (w.self->in_exit.load()) return true;
  if (some_may_be_frozen() && w.self->cell.order.load() != static_cast<std::uint32_t>(os::freeze_order::run))
    return true;
  const lock_registry registry;
  return exit_now.runner.load() != 0 && waits_for_the_exit_locked(*w.self, self);
}

bool is_idle_locked(const pool_state& p) noexcept {
  if (waiting_locked(p) != 0) return false;
  const std::size_t idle = p.searching.load(std::memory_order_relaxed) + p.sleeping.load(std::memory_order_relaxed);
  if (p.total - p.abandoned <= idle) return true;
  if (!p.ending) return false;
  for (const worker* w = p.workers; w != nullptr; w = w->next)
    if (!w->searching && !w->parked && !is_lost_locked(*w)) return false;
  return true;
}

extra_workers plan_workers_locked(pool_state& p) noexcept {
  extra_workers more;
  for (const worker* w = p.workers; w != nullptr; w = w->next) more.able += is_lost_locked(*w) ? 0 : 1;
  const std::size_t wanted = std::min<std::size_t>(p.limit, p.waited.size);
  more.missing = wanted > more.able ? wanted - more.able : 0;
  p.total += static_cast<unsigned>(more.missing);
  add_searching_locked(p, static_cast<int>(more.missing));
  return more;
}

void start_workers(pool_state& p, extra_workers more) {
  for (; more.missing != 0; --more.missing) {
    try {
      start_worker(p);
      ++more.able;
    } catch (...) {
      if (more.able == 0) run_here(p);
    }
  }
}

void drop_all(task_list& tasks) noexcept {
  while (task* const t = tasks.pop()) t->act(t, fate::drop);
}

void gather_locked(pool_state& p) noexcept {
  task_list first;
  while (task* const t = p.next_tasks.pop()) first.push(t);
  first.append(p.waited);
  p.waited = first;
  add_queued_locked(p);
}

void prepare_for_the_end() noexcept {
  initialise();  // first: a fork takes our locks before those of what lies below
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  ::pthread_once(&once, [] {
    set_progress_hook(progress_hook::pools, &progress_all);
    set_host_part(host_part_of::pools, in_host);
    ::pthread_atfork(&before_fork, &unlock_after_fork, &after_fork_in_child);
  });
}

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
// Pools in a host that goes on: in another life, or without a library that it unloads.
#include "exit/host_parts.hpp"
#include "pool/state.hpp"

#include <algorithm>
#include <vector>

namespace curfew::inline v1::detail {
namespace {

/// It is frozen, and does not count as one of the pool's any more.
void lose_locked(worker& w) noexcept {
  pool_state& p = w.pool;
  (w.previous != nullptr ? w.previous->next : p.workers) = w.next;
  if (w.next != nullptr) w.next->previous = w.previous;
  if (w.place != nullptr) {
    w.place->halves.clear();
    w.place->claimed.store(false);
  }
  --p.total;
  if (w.searching) add_searching_locked(p, -1);
  if (w.abandoned) --p.abandoned;
  if (!w.parked) return;
  worker** at = &p.parked;
  while (*at != &w) at = &(*at)->below;
  *at = w.below;
  p.sleeping.store(p.sleeping.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
}

void restart(pool_state& p) noexcept {
  const lock_pool lock(p);
  for (worker* w = p.workers; w != nullptr;) {
    worker* const following = w->next;
    if (w->self == nullptr || w->self->is_frozen_for_good()) lose_locked(*w);
    w = following;
  }
  p.ending = false;
  p.joining = 0;  // who joined is frozen
  p.late_tasks.store(0);
  find_out_growth_locked(p);
}

/// What is seen of a pool at one moment.
struct look {
  std::vector<const void*> codes;  ///< of the tasks that wait and run
  bool complete = true;            ///< false: a worker is between two tasks
};

/// False if there is no room for all.
bool fill_locked(pool_state& p, look& seen) noexcept {
  gather_locked(p);
  std::size_t most = p.waited.size + p.abandon.size;
  for (const worker* w = p.workers; w != nullptr; w = w->next) ++most;
  if (most > seen.codes.capacity()) return false;
  for (const task_list* list : {&p.waited, &p.abandon})
    for (const task* t = list->first; t != nullptr; t = t->next)
      seen.codes.push_back(reinterpret_cast<const void*>(t->act));
  for (const worker* w = p.workers; w != nullptr; w = w->next) {
    const void* const code = w->code.load();
    if (code != nullptr)
      seen.codes.push_back(code);
    else if (!w->parked && !w->searching)
      seen.complete = false;
  }
  return true;
}

/// The allocator may be the program's own: it is not called under the lock.
look look_at(pool_state& p) {
  look seen;
  for (std::size_t room = 64;; room *= 2) {
    seen.codes.reserve(room);
    const lock_pool lock(p);
    if (fill_locked(p, seen)) return seen;
  }
}

}  // namespace

void pools_of_host::restart() { for_each_pool(&detail::restart); }

void pools_of_host::end_library(const void* library) {
  for_each_pool([=](pool_state& p) {
    if (library_of(p.created_at.file) == library) close_pool(p, false);
  });
}

bool pools_of_host::run_here_for(const void* library) {
  return own_worker != nullptr && library_of(own_worker->code.load()) == library;
}

bool pools_of_host::work_for(const void* library) {
  bool works = false;
  for_each_pool([&](pool_state& p) {
    const look seen = look_at(p);
    works = works || !seen.complete ||
            std::ranges::any_of(seen.codes, [=](const void* code) { return library_of(code) == library; });
  });
  return works;
}

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
#include "exit/foreign.hpp"

#include "registry/registry.hpp"

#include <unistd.h>

#include <new>

/// There only where lock_tracking is linked.
extern "C" [[gnu::weak]] const int curfew_lock_tracking;

namespace curfew::inline v1::detail {
namespace {

constinit foreign_thread* first = nullptr;  // under the registry's lock
constinit thread_local foreign_thread* own [[gnu::tls_model("initial-exec")]] = nullptr;

}  // namespace

bool foreign_threads_are_tracked() noexcept { return &curfew_lock_tracking != nullptr; }

foreign_thread* add_foreign_thread(bool detached) noexcept {
  foreign_thread* t;
  {
    const lock_registry lock;
    for (t = first; t != nullptr && t->in_use.load(); t = t->next) {
    }
    if (t == nullptr) {
      t = new (std::nothrow) foreign_thread;
      if (t == nullptr) return nullptr;
      t->next = first;
      first = t;
    }
    t->in_use.store(true);
  }
  t->pthread.store(pthread_t{});
  t->cell.tid.store(0);
  t->cell.order.store(0);
  t->cell.standing.store(0);
  t->detached.store(detached);
  return t;
}

void foreign_thread_begins(foreign_thread& t) noexcept {
  own = &t;
  t.pthread.store(::pthread_self());
  // A foreign thread that has a record of its own by now is frozen through that one's cell, or not at all.
  os::adopt_cell(t.cell);
}

void foreign_thread_is_over(foreign_thread& t) noexcept {
  os::drop_cell();
  const lock_registry lock;
  own = nullptr;
  t.pthread.store(pthread_t{});
  t.in_use.store(false);
}

void take_back_foreign_thread(foreign_thread& t) noexcept {
  const lock_registry lock;
  t.in_use.store(false);
}

void foreign_thread_made(foreign_thread& t, pthread_t made) noexcept {
  const lock_registry lock;
  // Otherwise it has begun, or is over and its place is taken.
  if (t.in_use.load() && t.pthread.load() == pthread_t{}) t.pthread.store(made);
}

void foreign_thread_detached(pthread_t thread) noexcept {
  const lock_registry lock;
  for (foreign_thread* t = first; t != nullptr; t = t->next)
    if (t->in_use.load() && ::pthread_equal(t->pthread.load(), thread)) t->detached.store(true);
}

void collect_detached(std::vector<os::freeze_cell*>& cells) {
  const lock_registry lock;
  for (foreign_thread* t = first; t != nullptr; t = t->next)
    if (t != own && t->in_use.load() && t->detached.load()) cells.push_back(&t->cell);
}

void forget_foreign_threads_after_fork() noexcept {
  for (foreign_thread* t = first; t != nullptr; t = t->next)
    if (t != own) t->in_use.store(false);
}

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
#include "exit/foreign.hpp"

#include "exit/orphaned_lock.hpp"
#include "exit/probe_thread.hpp"
#include "exit/second_exit.hpp"
#include "exit/state.hpp"
#include "exit/thread_left.hpp"
#include "os/c_library.hpp"
#include "os/clock.hpp"
#include "os/pthreads.hpp"
#include "os/tasks.hpp"
#include "registry/registry.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <new>

/// There only where lock_tracking is linked.
extern "C" [[gnu::weak]] const int curfew_lock_tracking;

namespace curfew::inline v1::detail {
namespace {

// Under the registry's lock.
constinit foreign_thread* in_use = nullptr;  // the newest first: it is the one that is detached next
constinit foreign_thread* unused = nullptr;
constinit foreign_thread* lost = nullptr;  // in a forked child: those that stayed behind
constinit std::atomic<bool> have_lost{false};
constinit std::atomic<bool> had_some{false};
constinit thread_local foreign_thread* own [[gnu::tls_model("initial-exec")]] = nullptr;

void push_locked(foreign_thread*& list, foreign_thread& t) noexcept {
  t.previous = nullptr;
  t.next = list;
  if (list != nullptr) list->previous = &t;
  list = &t;
}

void remove_locked(foreign_thread*& list, foreign_thread& t) noexcept {
  (t.previous != nullptr ? t.previous->next : list) = t.next;
  if (t.next != nullptr) t.next->previous = t.previous;
}

void give_up_locked(foreign_thread& t) noexcept {
  ++t.use;
  remove_locked(in_use, t);
  if (!t.collected) push_locked(unused, t);
}

const foreign_thread* find_locked(const foreign_thread* list, pthread_t thread) noexcept {
  for (; list != nullptr; list = list->next)
    if (::pthread_equal(list->pthread.load(), thread)) return list;
  return nullptr;
}

template <class What>
void for_each_detached_locked(What what) {
  for (foreign_thread* t = in_use; t != nullptr; t = t->next)
    if (t != own && t->detached.load() && !t->adopted) what(*t);
}

/// `what` for each, under the registry's lock; `reserve` makes room for them, outside of it.
template <class Reserve, class What>
void with_room_for_detached(Reserve reserve, What what) {
  for (unsigned room = 0;;) {
    reserve(room);
    const lock_registry lock;
    unsigned count = 0;
    for_each_detached_locked([&](foreign_thread&) { ++count; });
    if (count <= room) return for_each_detached_locked(what);
    room = count + 16;
  }
}

/// Are there as many threads as are known? Then it need not be asked which they are.
bool all_are_known(int others) noexcept {
  int known = 1 + helpers_made() + others;  // the calling thread
  if (::gettid() != ::getpid()) ++known;    // and main
  const lock_registry lock;
  for (const foreign_thread* t = in_use; t != nullptr; t = t->next) known += t != own;
  return os::list_tasks({}) == known;
}

}  // namespace

thread_info describe_foreign(pid_t tid) {
  thread_info info;
  info.native_id = tid;
  char name[16];
  info.name = os::name_of_task(tid, name);
  info.state = thread_state::running;
  return info;
}

bool foreign_threads_are_tracked() noexcept { return &curfew_lock_tracking != nullptr; }

foreign_thread* add_foreign_thread(bool detached) noexcept {
  had_some.store(true, std::memory_order_relaxed);
  os::look_up_functions();
  foreign_thread* t;
  {
    const lock_registry lock;
    t = unused;
    if (t != nullptr) remove_locked(unused, *t);
  }
  if (t == nullptr) t = new (std::nothrow) foreign_thread;
  if (t == nullptr) return nullptr;
  t->pthread.store(pthread_t{});
  t->cell.tid.store(0);
  t->cell.order.store(0);
  t->cell.frozen.store(0);
  t->detached.store(detached);
  t->rounds_over = 0;
  t->adopted = t->frozen = false;
  const lock_registry lock;
  // Too late for a thread that nobody waits for, unless a destructor makes it and may know how to end it.
  if (detached && exit_now.now.load() == phase::frozen && exit_now.runner.load() != ::gettid() &&
      exit_now.frozen.load() != 0)
    t->cell.order.store(static_cast<std::uint32_t>(os::freeze_order::freeze));
  push_locked(in_use, *t);
  return t;
}

void foreign_thread_begins(foreign_thread& t) noexcept {
  own = &t;
  t.pthread.store(::pthread_self());
  // A foreign thread that has a record of its own by now is frozen through that one's cell, or not at all.
  os::adopt_cell(t.cell, os::id_of_made_thread());
}

void foreign_thread_is_over(foreign_thread& t) {
  go_on_with_own_exit();
  os::drop_cell();
  {
    const lock_registry lock;
    own = nullptr;
    t.pthread.store(pthread_t{});
    give_up_locked(t);
  }
  note_change();
  exit_if_last_in_such_a_child();
}

void take_back_foreign_thread(foreign_thread& t) noexcept {
  const lock_registry lock;
  give_up_locked(t);
}

void foreign_thread_made(foreign_thread& t, unsigned use, pthread_t made) noexcept {
  const lock_registry lock;
  if (t.use == use && t.pthread.load() == pthread_t{}) t.pthread.store(made);  // otherwise it is over, or has begun
}

void foreign_thread_detached(pthread_t thread) noexcept {
  const lock_registry lock;
  if (auto* const t = const_cast<foreign_thread*>(find_locked(in_use, thread))) t->detached.store(true);
}

bool is_past_joining(pthread_t thread) noexcept {
  if (!have_lost.load(std::memory_order_relaxed) && exit_now.runner.load(std::memory_order_relaxed) == 0) return false;
  const lock_registry lock;
  if (find_locked(lost, thread) != nullptr) return true;
  const foreign_thread* const t = find_locked(in_use, thread);
  return t != nullptr && t->frozen;
}

void note_adoption_locked(bool adopted) noexcept {
  if (own != nullptr) own->adopted = adopted;
}

void foreign_thread_stops_here() noexcept {
  const lock_registry lock;
  if (own != nullptr) own->frozen = true;
}

// Where the C library knows of one thread only nothing else is asked: a process may have shut itself in (seccomp).
bool had_other_threads() noexcept {
  return had_some.load(std::memory_order_relaxed) || (!os::is_known_to_be_alone() && os::list_tasks({}) > 1);
}

bool somebody_is_to_be_frozen() noexcept {
  if (own != nullptr) return true;
  const lock_registry lock;
  unsigned count = 0;
  for_each_detached_locked([&](foreign_thread&) { ++count; });
  return count != 0;
}

void collect_detached(detached_threads& to) {
  const pid_t goes_on = goes_on_inside();
  with_room_for_detached(
      [&](unsigned room) {
        to.cells.reserve(room);
        to.pthreads.reserve(room);
        to.infos.reserve(room);
      },
      [&](foreign_thread& t) {
        if (goes_on != 0 && t.cell.tid.load() == goes_on) return;
        t.collected = true;
        to.cells.push_back(&t.cell);
        to.pthreads.push_back(t.pthread.load());
      });
  for (const os::freeze_cell* cell : to.cells) to.infos.push_back(describe_foreign(cell->tid.load()));
}

void thaw_late_foreign_threads() noexcept {
  const lock_registry lock;
  exit_now.frozen.store(0);
  for (foreign_thread* t = in_use; t != nullptr; t = t->next) {
    if (t->collected) continue;
    t->cell.order.store(static_cast<std::uint32_t>(os::freeze_order::run));
    os::futex_wake(t->cell.order);
  }
}

std::vector<thread_info> describe_detached() {
  std::vector<pid_t> ids;
  with_room_for_detached([&](unsigned room) { ids.reserve(room); },
                         [&](const foreign_thread& t) {
                           if (!t.frozen) ids.push_back(t.cell.tid.load());
                         });
  std::vector<thread_info> infos;
  infos.reserve(ids.size());
  for (const pid_t id : ids) infos.push_back(describe_foreign(id));
  return infos;
}

int list_untracked_threads(std::span<pid_t> ids, std::span<os::freeze_cell* const> known,
                           std::span<const os::freeze_cell> others) noexcept {
  const auto alive = [](const os::freeze_cell& c) { return os::thread_exists(c.tid.load()); };
  if (all_are_known(static_cast<int>(std::ranges::count_if(others, alive)))) return 0;
  if (!helpers_have_begun(os::now_steady() + std::chrono::seconds(1))) return -1;
  const int count = std::min(os::list_tasks(ids), static_cast<int>(ids.size()));
  if (count <= 0) return -1;
  const auto all = ids.first(static_cast<std::size_t>(count));
  const lock_registry lock;
  const auto end = std::remove_if(all.begin(), all.end(), [&](pid_t id) {
    if (id == ::gettid() || id == ::getpid() || is_helper(id) || os::is_kernel_worker(id)) return true;
    for (const foreign_thread* t = in_use; t != nullptr; t = t->next)
      if (t->cell.tid.load() == id || t->cell.tid.load() == 0) return true;  // one that begins is not told apart
    return std::ranges::any_of(known, [id](const os::freeze_cell* cell) { return cell->tid.load() == id; }) ||
           std::ranges::any_of(others, [id](const os::freeze_cell& cell) { return cell.tid.load() == id; });
  });
  return static_cast<int>(end - all.begin());
}

bool is_known_pthread(pthread_t thread) noexcept {
  const lock_registry lock;
  return find_locked(in_use, thread) != nullptr;
}

void forget_foreign_threads_after_fork() noexcept {
  for (foreign_thread* t = in_use; t != nullptr;) {
    foreign_thread* const next = t->next;
    if (t != own) {
      remove_locked(in_use, *t);
      push_locked(lost, *t);
      have_lost.store(true);
    }
    t = next;
  }
}

}  // namespace curfew::inline v1::detail

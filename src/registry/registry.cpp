// SPDX-License-Identifier: Apache-2.0
#include "registry/registry.hpp"

#include "os/module.hpp"
#include "os/pthreads.hpp"
#include "os/tasks.hpp"
#include "registry/reaping.hpp"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <new>

namespace curfew::inline v1::detail {

constinit os::lock registry_mutex;

namespace {

/// Constant-initialised and never destroyed: threads and static destructors use it to the last.
struct registry_state {
  record* heads[4] = {};  // by `listed`
  std::uint64_t next_number = 1;
  std::uint64_t started = 0;
  std::atomic<std::size_t> live{0};
  std::atomic<std::size_t> daemons{0};
  std::size_t peak = 0;
  os::futex_word changes{0};
  std::atomic<bool> watched{false};  ///< saves every join and every end of a thread a system call
  record* main = nullptr;
  void (*main_left)() = nullptr;
  void (*thread_left)() = nullptr;
  void (*fork_child)(bool) = nullptr;
  bool forks_on_first_task = false;  ///< between the handlers of a fork
  alignas(record) unsigned char main_memory[sizeof(record)] = {};
};
constinit registry_state state;

constinit thread_local record* own [[gnu::tls_model("initial-exec")]] = nullptr;

void push_locked(record& r, listed list) noexcept {
  r.list = list;
  r.previous = nullptr;
  r.next = state.heads[static_cast<int>(list)];
  if (r.next != nullptr) r.next->previous = &r;
  state.heads[static_cast<int>(list)] = &r;
}

void count_in_locked(const record& r) noexcept {
  const std::size_t live = state.live.fetch_add(1, std::memory_order_relaxed) + 1;
  if (r.daemon()) state.daemons.fetch_add(1, std::memory_order_relaxed);
  state.peak = std::max(state.peak, live);
}

void count_out_locked(const record& r) noexcept {
  state.live.fetch_sub(1, std::memory_order_relaxed);
  if (r.daemon()) state.daemons.fetch_sub(1, std::memory_order_relaxed);
}

/// The last code of a thread that is curfew's: after its thread_local destructors.
void started_thread_is_over(record& r) noexcept {
  reap_unreaped();
  // Kept: once it is over, whoever sees that joins the OS thread and lets go of the record.
  const record_ref keep(&r);
  {
    const lock_registry lock;
    count_out_locked(r);
    remove_locked(r);
    r.uses |= thread_over;
    push_locked(r, (r.uses & handle_dropped) != 0 ? listed::unreaped : listed::ended);
  }
  r.over.store(1);
  if (r.sleepers.load() != 0) os::futex_wake(r.over);
  note_change();
}

/// Not noexcept: the handlers may go on with an exit, and one more of its exit handlers end the thread.
void thread_is_over(void* value) {
  auto& r = *static_cast<record*>(value);
  // The destructors of other keys run in the same turn: where the end is waited for, ours takes the last.
  const bool is_waited_for = r.adopted.load() || r.kind == thread_kind::main || r.runs_exit;
  if (is_waited_for && ++r.turns_of_end < os::last_turn_of_keys) return os::set_end_value(&r);
  if (state.thread_left != nullptr) state.thread_left();
  if (r.kind == thread_kind::main) {
    if (state.main_left != nullptr) state.main_left();
  } else if (!r.has_os_thread_of_ours()) {
    {
      const lock_registry lock;
      count_out_locked(r);
      remove_locked(r);
    }
    own = nullptr;
    os::drop_cell();
    r.over.store(1);
    note_change();
    release(&r);
  } else {
    started_thread_is_over(r);
  }
}

/// In the child of a fork the others do not exist: their handles find them ended and reaped. Returns the records whose
/// OS thread's reference is to be given up, chained by `next`.
record* reap_all_others_locked() noexcept {
  record* given_up = nullptr;
  for (const listed list : {listed::live, listed::ended, listed::unreaped})
    for (record* r = state.heads[static_cast<int>(list)]; r != nullptr;) {
      record* const following = r->next;
      if (r != own) {
        remove_locked(*r);
        r->over.store(1);
        r->reaped.store(static_cast<std::uint32_t>(reaping::done));
        if (r->has_os_thread_of_ours()) {
          r->next = given_up;
          given_up = r;
        }
      }
      r = following;
    }
  return given_up;
}

/// The thread that forked is the child's main thread, whatever it was.
void become_main_locked(record& r) noexcept {
  remove_locked(r);
  r.kind = thread_kind::main;
  r.number = 0;
  r.parent = 0;
  state.main = &r;
  push_locked(r, listed::live);
  count_in_locked(r);
}

void after_fork_in_child() noexcept {
  os::reset_cell_after_fork();
  record* given_up = reap_all_others_locked();
  state.live.store(0);
  state.daemons.store(0);
  state.peak = 0;
  state.started = 0;
  state.main = nullptr;
  if (own != nullptr) become_main_locked(*own);
  registry_mutex.release();
  os::no_freeze::end();
  while (given_up != nullptr) {
    record* const following = given_up->next;
    given_up->next = nullptr;
    release(given_up);
    given_up = following;
  }
  if (state.fork_child != nullptr) state.fork_child(state.forks_on_first_task);
}

/// The record of the process's first thread, or, in a forked child, of a foreign thread that forked.
void make_main_record_locked() noexcept {
  auto* const r = ::new (static_cast<void*>(state.main_memory)) record;
  r->kind = thread_kind::main;
  r->started_at = std::chrono::system_clock::now();
  r->begun.store(true);
  r->references.store(1U << 30);  // its memory is the library's
  r->cell.tid.store(::getpid());
  state.main = r;
  push_locked(*r, listed::live);
  count_in_locked(*r);
}

}  // namespace

void initialise_registry() noexcept {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  ::pthread_once(&once, [] {
    os::pin_own_module();
    os::on_end_of_thread(&thread_is_over);
    ::pthread_atfork(
        [] {
          os::no_freeze::begin();
          registry_mutex.acquire();
          state.forks_on_first_task = os::is_first_task();
        },
        [] {
          registry_mutex.release();
          os::no_freeze::end();
        },
        &after_fork_in_child);
  });
  if (own == nullptr && os::is_first_task()) {
    {
      const lock_registry lock;
      if (state.main == nullptr) make_main_record_locked();
    }
    set_own_record(*state.main, ::gettid());
  }
}

record* own_record_if_known() noexcept { return own; }

record& own_record() {
  if (own != nullptr) return *own;
  initialise_registry();
  if (own != nullptr) return *own;
  record* const r = make_record(0, 1);
  r->kind = thread_kind::foreign;
  r->started_at = std::chrono::system_clock::now();
  r->begun.store(true);
  {
    const lock_registry lock;
    r->number = state.next_number++;
    push_locked(*r, listed::live);
    count_in_locked(*r);
  }
  set_own_record(*r, ::gettid());
  return *r;
}

void set_own_record(record& r, pid_t id) noexcept {
  own = &r;
  os::adopt_cell(r.cell, id);
  os::set_end_value(&r);
}

void take_turns_of_end_anew(record& own_record) noexcept {
  own_record.runs_exit = true;
  own_record.turns_of_end = 0;
  os::set_end_value(&own_record);
}

record& main_record() noexcept {
  initialise_registry();
  const lock_registry lock;
  if (state.main == nullptr) make_main_record_locked();
  return *state.main;
}

bool inherited_daemon() noexcept { return own != nullptr && own->daemon(); }

void change_kind_locked(record& r, thread_kind kind) noexcept {
  count_out_locked(r);
  r.kind = kind;
  count_in_locked(r);
}

void list_live_locked(record& r) {
  r.number = state.next_number++;
  ++state.started;
  retain(r);
  push_locked(r, listed::live);
  count_in_locked(r);
}

void unlist(record& r) noexcept {
  {
    const lock_registry lock;
    --state.started;
    count_out_locked(r);
    remove_locked(r);
  }
  release(&r);
}

void remove_locked(record& r) noexcept {
  if (r.list == listed::nowhere) return;
  if (r.previous != nullptr) r.previous->next = r.next;
  if (r.next != nullptr) r.next->previous = r.previous;
  if (state.heads[static_cast<int>(r.list)] == &r) state.heads[static_cast<int>(r.list)] = r.next;
  r.list = listed::nowhere;
  r.previous = r.next = nullptr;
}

void forget_frozen_locked(record& r) noexcept {
  count_out_locked(r);
  remove_locked(r);
}

void drop_handle(record& r) noexcept {
  if (is_reaped(r)) return release(&r);  // nobody else knows it any more
  bool over;
  {
    const lock_registry lock;
    r.uses |= handle_dropped;
    over = (r.uses & thread_over) != 0;
    if (r.list == listed::ended) {
      remove_locked(r);
      push_locked(r, listed::unreaped);
    }
  }
  if (over) try_reap(r);
  release(&r);
}

os::futex_word& changes() noexcept { return state.changes; }

void note_change() noexcept {
  state.changes.fetch_add(1);
  // Sequentially consistent with watch_changes: either we see the watcher, or it sees the new count and does not sleep.
  if (state.watched.load()) os::futex_wake(state.changes);
}

void watch_changes() noexcept { state.watched.store(true); }

void set_main_left_handler(void (*handler)()) noexcept { state.main_left = handler; }
void set_thread_left_handler(void (*handler)()) noexcept { state.thread_left = handler; }
void set_fork_child_handler(void (*handler)(bool)) noexcept { state.fork_child = handler; }

record* first_locked(listed list) noexcept { return state.heads[static_cast<int>(list)]; }

constinit const registry_places places_of_registry{&state.heads, &state.live, &state.daemons};

thread_counts counts_now() noexcept {
  const lock_registry lock;
  return {state.live.load(), state.daemons.load(), state.peak, state.started};
}

}  // namespace curfew::inline v1::detail

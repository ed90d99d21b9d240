// SPDX-License-Identifier: Apache-2.0
// All threads that curfew knows, under the library's one lock.
#pragma once

#include "os/defer.hpp"
#include "os/lock.hpp"
#include "registry/record.hpp"

#include <vector>

namespace curfew::inline v1::detail {

/// Makes what has to exist before anything else. Called by a constructor of the library, and by any code that may run
/// before that. It is cheap once done.
void initialise_registry() noexcept;

extern constinit os::lock registry_mutex;

/// The library's one lock. No thread is frozen while it holds the lock, and the lock is never held while user code
/// runs.
class lock_registry {
 public:
  lock_registry() noexcept { registry_mutex.acquire(); }
  ~lock_registry() { registry_mutex.release(); }
  lock_registry(const lock_registry&) = delete;
  lock_registry& operator=(const lock_registry&) = delete;

 private:
  os::no_freeze unfrozen_;
};

/// The calling thread's record; null for a foreign thread that never asked.
record* own_record_if_known() noexcept;
/// Returns the same; a foreign thread gets a record now.
record& own_record();
/// `id`: the kernel's id of the calling thread.
void set_own_record(record&, pid_t id) noexcept;
record& main_record() noexcept;

/// Is a thread that the calling thread makes a daemon by default?
bool inherited_daemon() noexcept;

/// Makes a live curfew thread one that the end of the program waits for, or one that it does not wait for.
void change_kind_locked(record&, thread_kind) noexcept;

/// Gives the record its number and lists it as live. The OS thread owns a reference from now on.
void list_live_locked(record&);
/// Undoes `list_live_locked` for a thread that could not be made.
void unlist(record&) noexcept;
/// Removes the record from whatever list it is in.
void remove_locked(record&) noexcept;
/// A frozen thread is no longer listed or counted.
void forget_frozen_locked(record&) noexcept;
/// Gives up the handle of this record; the last of handle and thread to go reaps it.
void drop_handle(record&) noexcept;

thread_counts counts_now() noexcept;

/// Where another process finds the heads of the lists, by `listed`, and the numbers of threads (registry/layout.hpp).
struct registry_places {
  const void* lists;
  const void* live;
  const void* daemons;
};
extern constinit const registry_places places_of_registry;

/// Everything that changes what an exit waits for bumps this word, and wakes the threads that sleep on it, if any do.
os::futex_word& changes() noexcept;
void note_change() noexcept;
/// Call it before sleeping on `changes()`.
void watch_changes() noexcept;

/// For the thread that runs the exit: should an exit handler end it, the handler below is called after the destructors
/// of all other keys, even if this is not its first end.
void take_turns_of_end_anew(record& own_record) noexcept;
/// The handler is called on the main thread when that ends by pthread_exit; it does not return.
void set_main_left_handler(void (*)()) noexcept;
/// The handler is called on each thread that ends and has a record, main's included, before its record is given up.
void set_thread_left_handler(void (*)()) noexcept;
/// The handler is called in the child of a fork, after the registry has been corrected. `on_first_task`: the thread
/// that forked was its process's first, which is main's unless that was such a child too.
void set_fork_child_handler(void (*)(bool on_first_task)) noexcept;

/// Returns a reference to each record for which `wanted` is true.
template <class Wanted>
std::vector<record_ref> records_where(listed list, Wanted wanted);

/// Returns a list's head, for `records_where` and for code that must not allocate; call it under the lock.
record* first_locked(listed) noexcept;

/// Returns a copy of what is known, made without allocating under the lock.
thread_info describe(const record&);
std::string name_of(const record&);

template <class Wanted>
std::vector<record_ref> records_where(listed list, Wanted wanted) {
  // Room is made outside of the lock: the allocator may be the program's own.
  std::vector<record_ref> found;
  for (;;) {
    std::size_t count = 0;
    {
      const lock_registry lock;
      for (record* r = first_locked(list); r != nullptr; r = r->next) count += wanted(*r) ? 1 : 0;
      if (count <= found.capacity()) {
        for (record* r = first_locked(list); r != nullptr; r = r->next)
          if (wanted(*r)) found.emplace_back(r);
        return found;
      }
    }
    found.reserve(count);
  }
}

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
// Threads that curfew did not start, as far as lock_tracking has seen them being made.
#pragma once

#include "os/freeze.hpp"

#include <curfew/registry.hpp>

#include <pthread.h>

#include <span>
#include <vector>

namespace curfew::inline v1::detail {

/// One foreign thread. Its memory is never returned to the allocator, only used again.
struct foreign_thread {
  // Under the registry's lock: in one of two lists, those in use and those free.
  foreign_thread* previous = nullptr;
  foreign_thread* next = nullptr;
  bool collected = false;  ///< an exit looks at its cell: not to be used for another thread any more
  bool adopted = false;    ///< it has a kind of its own: the exit accounts for it by its record
  bool frozen = false;     ///< it was the second to call exit, and executes nothing any more
  unsigned use = 0;        ///< how many threads it has stood for

  os::freeze_cell cell;
  std::atomic<bool> detached{false};
  std::atomic<pthread_t> pthread{};
  void (*function)() = nullptr;  ///< what the thread is to run, and with what, in its maker's form
  void* argument = nullptr;
  unsigned rounds_over = 0;  ///< the thread's own: how often its end has been deferred
};

/// Is lock_tracking linked?
bool foreign_threads_are_tracked() noexcept;

/// Called around a foreign thread's function, by lock_tracking.
CURFEW_API foreign_thread* add_foreign_thread(bool detached) noexcept;
CURFEW_API void take_back_foreign_thread(foreign_thread&) noexcept;
/// Called by the thread that made it, after the call that did so. `use` is the record's value before that: the thread
/// may be over by now, and the record may belong to another.
CURFEW_API void foreign_thread_made(foreign_thread&, unsigned use, pthread_t) noexcept;
CURFEW_API void foreign_thread_begins(foreign_thread&) noexcept;
CURFEW_API void foreign_thread_is_over(foreign_thread&);
CURFEW_API void foreign_thread_detached(pthread_t) noexcept;

/// A join of such a thread would never return, or do harm: the thread does not exist in this forked child, or it has
/// called exit and is frozen.
CURFEW_API bool is_past_joining(pthread_t) noexcept;
/// The calling thread takes part in the exit by its record from now on, or no longer. Under the registry's lock.
void note_adoption_locked(bool adopted) noexcept;
/// The calling thread is the second to call exit.
void foreign_thread_stops_here() noexcept;

/// Has there ever been a second thread in this process, or in the one that it was forked from?
bool had_other_threads() noexcept;

/// As far as can be told without a system call: is there a detached thread besides the calling one, or is the calling
/// thread not main?
bool somebody_is_to_be_frozen() noexcept;

/// Detached ones, the calling thread not among them.
struct detached_threads {
  std::vector<os::freeze_cell*> cells;
  std::vector<pthread_t> pthreads;
  std::vector<thread_info> infos;
};
/// They belong to an exit from now on.
void collect_detached(detached_threads&);
/// No foreign thread stays frozen, and none freezes as it begins.
void thaw_late_foreign_threads() noexcept;
/// Describes those that still run.
std::vector<thread_info> describe_detached();

/// Threads that nobody has seen being made (exit/untracked.hpp), as many as fit; those with a cell in `known` or
/// `others` are not among them. Returns how many were written; -1 if that is not known.
int list_untracked_threads(std::span<pid_t> ids, std::span<os::freeze_cell* const> known,
                           std::span<const os::freeze_cell> others) noexcept;
/// Was it seen being made?
bool is_known_pthread(pthread_t) noexcept;
thread_info describe_foreign(pid_t tid);

void forget_foreign_threads_after_fork() noexcept;

}  // namespace curfew::inline v1::detail

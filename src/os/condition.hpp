// SPDX-License-Identifier: Apache-2.0
// Condition variables of the C library, and frozen threads in a wait on one. The C library counts who waits:
// a notification may wait until waiters that were woken before have left, a destruction until all have. A thread that
// is frozen never leaves. So it leaves the counts while it is frozen, as if it had woken up for no reason, which every
// wait has to reckon with; and comes back to them if it is thawed.
#pragma once

#include <pthread.h>

#include <atomic>

namespace curfew::inline v1::detail::os {

/// Where a frozen thread is counted.
struct condition_place {
  /// The condition variable, while the thread is frozen in a wait on it and is counted as its waiter.
  std::atomic<unsigned char*> counted_in{nullptr};
  unsigned group = 0;             ///< of its two groups of waiters; `no_group`: in none any more
  std::atomic<bool> left{false};  ///< it is not counted among all waiters either: it is frozen for good
  static constexpr unsigned no_group = 2;
};

/// Finds out how the C library lays out a condition variable, and where its code for them lies. Call it before anything
/// is frozen.
void find_condition_layout() noexcept;

/// The calling thread was interrupted, and is about to freeze. `known`: the condition variable that it waits on,
/// where lock_tracking has seen that; null: to be found out. Async-signal-safe.
void leave_condition(condition_place&, const void* known, const void* ucontext) noexcept;
/// It is thawed. True: it is sent back to the C library as by EINTR, which looks at the condition again: what it slept
/// on may be another group's by now.
bool return_to_condition(condition_place&, void* ucontext) noexcept;
/// Is the interrupted thread asleep in a notification, with the condition's own lock? Async-signal-safe.
bool is_notifying(const void* ucontext) noexcept;

/// The thread is frozen for good: a destruction does not wait for it.
void leave_condition_for_good(condition_place&) noexcept;
/// Wakes whoever else waits on that condition variable: a notification may have been given to one that has come to
/// stand.
void wake_others(const void* condition) noexcept;
/// How that is done, where the program's pthread_cond_broadcast is not the C library's.
void set_broadcast(int (*)(pthread_cond_t*)) noexcept;

/// How many wait on it; -1 where the layout is not known.
long waiters_of(const void* condition) noexcept;

}  // namespace curfew::inline v1::detail::os

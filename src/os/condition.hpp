// SPDX-License-Identifier: Apache-2.0
// Condition variables of the C library, and frozen threads in a wait on one. The C library counts the waiters: a
// notification may wait until waiters that were woken before have left, and a destruction until all have left. A thread
// that is frozen never leaves. So it is taken out of the counts while it is frozen, as if it had woken up for no
// reason, which every wait has to expect, and is counted again if it is thawed.
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

/// The calling thread was interrupted, and is about to freeze. `known`: the condition variable that it waits on, where
/// lock_tracking has seen that; null: it has to be found out. Async-signal-safe.
void leave_condition(condition_place&, const void* known, const void* ucontext) noexcept;
/// It is thawed. Returns true if it is sent back to the C library as by EINTR. The C library then looks at the
/// condition again, because the word that the thread slept on may belong to another group by now.
bool return_to_condition(condition_place&, void* ucontext) noexcept;
/// Is the interrupted thread asleep in a notification, with the condition's own lock? Async-signal-safe.
bool is_notifying(const void* ucontext) noexcept;

/// The thread is frozen for good: a destruction does not wait for it.
void leave_condition_for_good(condition_place&) noexcept;
/// Wakes the other threads that wait on that condition variable, because a notification may have gone to one that is
/// frozen now.
void wake_others(const void* condition) noexcept;
/// Sets how that is done if the program's pthread_cond_broadcast is not the C library's.
void set_broadcast(int (*)(pthread_cond_t*)) noexcept;

/// Returns how many threads wait on it; -1 if the layout is not known.
long waiters_of(const void* condition) noexcept;

}  // namespace curfew::inline v1::detail::os

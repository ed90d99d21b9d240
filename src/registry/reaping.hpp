// SPDX-License-Identifier: Apache-2.0
// Joining OS threads, so that "ended" means that the OS thread is gone. A thread without a handle is reaped by the next
// one that ends, or starts, or by the exit: at most one dead thread is left lying about at a time.
// The caller of each function has a reference to the record.
#pragma once

#include "registry/record.hpp"

namespace curfew::inline v1::detail {

[[nodiscard]] bool is_reaped(const record&) noexcept;

/// Reaps the thread if it is over; true when it is reaped, by whomever. Never blocks.
bool try_reap(record&) noexcept;

/// Joins the OS thread, sleeping in pthread_join: one sleep, and one waking. False when somebody else is at it, or the
/// system finds a deadlock. Only while no exit is under way: the exiting thread could not be got out of there.
/// A cancellation point, as pthread_join is.
bool join_directly(record&);

/// Sleeps until the thread is over, or somebody wakes its joiners to look at something else. False when `deadline` has
/// passed. Without a claim on the thread: an exit that begins on the sleeping thread, in a signal handler, can reap it.
bool sleep_until_over(record&, steady_time deadline) noexcept;

/// Waits until a thread that is over is reaped, reaping it if nobody else does. False when `deadline` has passed.
bool reap(record&, steady_time deadline);

/// Reaps the dead that nobody has a handle of. Never blocks.
void reap_unreaped() noexcept;

}  // namespace curfew::inline v1::detail

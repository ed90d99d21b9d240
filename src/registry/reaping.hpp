// SPDX-License-Identifier: Apache-2.0
// Joining OS threads, so that "ended" means that the OS thread is gone. A thread without a handle is reaped by the next
// one that ends or starts, or by the exit, so that at most one ended thread is unreaped at a time. The caller of each
// function has a reference to the record.
#pragma once

#include "registry/record.hpp"

namespace curfew::inline v1::detail {

[[nodiscard]] bool is_reaped(const record&) noexcept;

/// Reaps the thread if it is over. Returns true if it is reaped, by this or another thread. Never blocks.
bool try_reap(record&) noexcept;

/// Joins the OS thread, sleeping in pthread_join: one sleep, and one wake-up. Returns false if another thread is
/// joining it, or the system finds a deadlock. Use it only while no exit is under way, because nothing could get the
/// exiting thread out of that call. A cancellation point, as pthread_join is.
bool join_directly(record&);

/// Sleeps until the thread is over, or until its joiners are woken to look at something else. Returns false if
/// `deadline` has passed. It makes no claim on the thread, so an exit that begins on the sleeping thread, in a signal
/// handler, can reap it.
bool sleep_until_over(record&, steady_time deadline) noexcept;

/// Waits until a thread that is over is reaped, and reaps it if no other thread does. Returns false if `deadline` has
/// passed.
bool reap(record&, steady_time deadline);

/// Reaps the ended threads that have no handle. Never blocks.
void reap_unreaped() noexcept;

}  // namespace curfew::inline v1::detail

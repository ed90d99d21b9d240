// SPDX-License-Identifier: Apache-2.0
// Joining OS threads, so that "ended" means that the OS thread is gone. A thread without a handle is buried by the next
// one that ends, or starts, or by the exit: at most one dead thread is left lying about at a time.
// The caller of each function has a reference to the record.
#pragma once

#include "registry/record.hpp"

namespace curfew::inline v1::detail {

[[nodiscard]] bool is_buried(const record&) noexcept;

/// Buries the thread if it is over; true when it is buried, by whomever. Never blocks.
bool try_bury(record&) noexcept;

/// Waits until the thread is buried, burying it if nobody else does. False when `deadline` has passed.
/// A cancellation point when `deadline` is for ever, as pthread_join is.
bool wait_buried(record&, steady_time deadline);

/// Buries the dead that nobody has a handle of. Never blocks.
void bury_orphans() noexcept;

}  // namespace curfew::inline v1::detail

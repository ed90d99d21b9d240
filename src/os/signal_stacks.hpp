// SPDX-License-Identifier: Apache-2.0
// The alternate signal stacks of threads (sigaltstack). A runtime may give one back to the system while its thread
// lives on: Rust's does so with main's, whichever thread ends the process. The kernel kills the process when a signal
// asks for such a stack, so the sender has to look first.
#pragma once

#include <curfew/forward.hpp>

#include <sys/types.h>

#include <cstddef>

namespace curfew::inline v1::detail::os {

/// Notes that the calling thread's is this one now; null: it has none. Async-signal-safe. For lock_tracking.
CURFEW_API void note_signal_stack(const void* begin, std::size_t size) noexcept;
/// The same, by asking the kernel.
void note_own_signal_stack() noexcept;
/// A thread that has just begun has none, whatever is known of one that had its number.
void forget_signal_stack(pid_t tid) noexcept;

/// At the very beginning of the exit: whichever cannot be written to now is gone, even if something else is mapped
/// there later. What the exit allocates may be put there.
void find_gone_signal_stacks() noexcept;

/// Does the thread have one that cannot be written to any more? False if it has none, or nothing is known about it.
/// Async-signal-safe.
bool signal_stack_is_gone(pid_t tid) noexcept;

/// Call it before any thread is frozen.
void find_size_of_signal_frame() noexcept;
/// Is there room for one more handler where the calling thread is? False only on an alternate stack of a few kilobytes.
/// Async-signal-safe.
bool has_room_for_handler() noexcept;

}  // namespace curfew::inline v1::detail::os

// SPDX-License-Identifier: Apache-2.0
// What the calling thread's call stack says. For the freeze signal's handler and those that may be frozen by
// themselves: all of it is async-signal-safe, and never freezes the thread.
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail::os {

/// Reads return addresses, innermost first, from where a signal has interrupted the thread. Returns how many were
/// found. As a return address is behind its call, so is the address of an interruption one byte behind the begin of
/// the instruction that was about to run: what is one byte before it is in the function, for both.
int read_call_stack(const void* ucontext, void** frames, int capacity) noexcept;

/// Is the thread inside the C library? It is even if the C library has only called the kernel's code for the time,
/// because it does so under locks. A loop of the program that reads the clock is not, though it is in that code nearly
/// always.
bool inside_c_library(const void* ucontext) noexcept;

/// Has the C library, or the allocator, called the unlock that the thread is in? An allocator has mutexes, and the C
/// library may be allocating under a lock of its own, for example that of a stream.
bool c_library_unlocks() noexcept;

}  // namespace curfew::inline v1::detail::os

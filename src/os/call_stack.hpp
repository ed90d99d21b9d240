// SPDX-License-Identifier: Apache-2.0
// What the calling thread's call stack says. For the freeze signal's handler and those that may be frozen by
// themselves: all of it is async-signal-safe, and never freezes the thread.
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail::os {

/// Return addresses, innermost first, from where a signal has interrupted the thread: how many were found.
int read_call_stack(const void* ucontext, void** frames, int capacity) noexcept;

/// Is the thread inside the C library? Also where that has only asked the kernel's code for the time: it does so under
/// locks. A program's own loop that looks at the clock is not, though it is in there nearly always.
bool inside_c_library(const void* ucontext) noexcept;

/// Has the C library, or the allocator, called the unlock that the thread is in? An allocator has mutexes, and the C
/// library may be allocating under a lock of its own: of a stream, say.
bool c_library_unlocks() noexcept;

}  // namespace curfew::inline v1::detail::os

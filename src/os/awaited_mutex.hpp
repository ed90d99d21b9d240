// SPDX-License-Identifier: Apache-2.0
// A thread that waits for a mutex whose owner will not release it before the process ends: the thread that freezes
// others, or one that is frozen with it. The freezer need not wait until such a thread has released what it holds
// itself.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace curfew::inline v1::detail::os {

/// Returns the kernel's id of the owner of the mutex that the calling thread was asleep at when it was interrupted; 0
/// if it was not asleep at one, or the owner is not known. `call` is the number of the system call, if the call has
/// returned; -1 means that it is still in a register. For a handler, at an address inside the C library.
pid_t owner_of_awaited_mutex(const void* ucontext, long call) noexcept;

}  // namespace curfew::inline v1::detail::os

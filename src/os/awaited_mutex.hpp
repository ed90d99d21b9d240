// SPDX-License-Identifier: Apache-2.0
// A thread that waits for a mutex of somebody who will not give it back before the process ends: of the thread that
// freezes, or of one that is frozen with it. It need not be waited for until it has given back what it holds itself.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace curfew::inline v1::detail::os {

/// Of the owner of the mutex that the calling thread was interrupted asleep at, as the kernel counts threads; 0 when it
/// was not, or it is not known. `call`: the system call's number, if it has come back; -1: it is in a register still.
/// For a handler, at an address inside the C library.
pid_t owner_of_awaited_mutex(const void* ucontext, long call) noexcept;

}  // namespace curfew::inline v1::detail::os

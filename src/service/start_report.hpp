// SPDX-License-Identifier: Apache-2.0
// How the process that the shell waits for learns how the start of the daemon went.
#pragma once

#include <curfew/forward.hpp>

#include <sys/types.h>

namespace curfew::inline v1::detail {

/// Waits until the daemon, a child, has written a byte to the other end of `fd`, or has ended. Returns the status for
/// the shell; one that is not 0 has been explained on stderr.
int await_start(int fd, pid_t daemon) noexcept;

/// The status of a child as a shell has it: 128+n after signal n. -1: it is not known.
int await_child(pid_t child) noexcept;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
// The child of a fork that came while another thread was in the exit. From glibc 2.41 on, exit holds a lock of the C
// library: the child has the lock, taken, and not the thread that would give it back. Its own exit waits for ever, and
// it outlives its parent, where nobody looks for it.
#pragma once

#include "check/record.hpp"

namespace curfew::check {

/// On the thread that forks, before and after; the latter in the child.
void note_fork_begins() noexcept;
void note_fork_in_child() noexcept;

/// Is this process such a child?
bool was_forked_beside_exit() noexcept;

/// The exit of such a child begins, on the calling thread. True the first time.
bool begin_exit_of_child(int status, exit_by how) noexcept;

/// For the thread that watches it, every few milliseconds: does that exit sleep at the lock? Then the finding is
/// written down, and the process ended.
void look_for_lock_left_behind() noexcept;

}  // namespace curfew::check

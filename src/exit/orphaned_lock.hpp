// SPDX-License-Identifier: Apache-2.0
// The child of a fork that came while another thread was inside the C library's exit: there, from glibc 2.41 on, the
// lock of that exit belongs to a thread that the child does not have, and the child's own exit would wait for it for
// ever.
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail {

/// In the child. `inside`: another thread than the one that forked was in the exit.
void note_orphaned_lock(bool inside) noexcept;

/// Called on the thread that is about to enter the C library's exit. If that thread is then found asleep for ever on a
/// word of the C library's own data, and the process has no other thread, no thread can hold that lock: it is opened,
/// and the exit goes on as it does on a glibc without that lock.
void open_orphaned_lock_if_met() noexcept;

/// Called at the end of a thread. The C library calls its own exit for the last one, which would not get past that
/// lock, so the exit is entered here instead. It is for threads whose end curfew does not handle otherwise.
void exit_if_last_in_such_a_child() noexcept;

}  // namespace curfew::inline v1::detail

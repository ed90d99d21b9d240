// SPDX-License-Identifier: Apache-2.0
// Two threads exit: one runs the exit's steps, the other comes second. If the second is inside the C library's exit
// already (main has returned, and nothing of curfew is between main and the C library), it may hold the lock that the
// first needs there: glibc's, from 2.41 on. Then the one that is inside goes on, and the first stays where it is.
#pragma once

#include <curfew/forward.hpp>

#include <sys/types.h>

namespace curfew::inline v1::detail {

/// For the second, inside the C library's exit: waits without executing any code of the program, and returns only when
/// it is to go on in the first one's place.
void wait_inside_for_turn() noexcept;
/// For the first, before it freezes any thread: returns the thread inside that will go on, which must be left alone.
/// Returns 0 if it is decided here that the first goes on.
pid_t goes_on_inside() noexcept;
/// For the first, which has done the steps and is about to enter the C library's exit. Returns when it may do so.
void enter_c_library_in_turn();

/// Called by the first exit handler: the thread that runs the exit then has all the locks that the C library needs for
/// it.
void note_handlers_begin() noexcept;
bool handlers_have_begun() noexcept;

void forget_turns_after_fork() noexcept;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail {

/// What curfew::shield's constructor and destructor do. Returns false if it is too late; then it is not to be closed.
bool open_shield() noexcept;
void close_shield() noexcept;
/// Returns how many shields are open under which work may still make progress: not the calling thread's own, and not
/// those of threads that never return to that work. Does not allocate.
unsigned shields_worth_waiting_for() noexcept;
/// The calling thread never returns to what its shields protect, so nothing should wait for them.
void give_up_own_shields() noexcept;
void reset_shields_after_fork() noexcept;

}  // namespace curfew::inline v1::detail

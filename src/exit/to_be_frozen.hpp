// SPDX-License-Identifier: Apache-2.0
// A thread that is about to be frozen must not learn of it by an exception that it could not expect.
#pragma once

namespace curfew::inline v1::detail {

/// Does the exit freeze the calling thread if it has not ended by then? A daemon; main, once another thread runs the
/// exit; whoever was told to freeze already.
bool is_to_be_frozen() noexcept;

/// To be called by every public function that may throw exit_in_progress, at its top and where it finds out later that
/// the phase is frozen. A thread that is about to be frozen freezes in here and does not come back. Others come back
/// with false, and get the error. True: the caller is about to be frozen and holds a lock that the rest of the exit may
/// need. It is frozen where it gives that up, so it must get there: the call does nothing and looks as if it had
/// worked.
[[nodiscard]] bool freeze_if_too_late() noexcept;

}  // namespace curfew::inline v1::detail

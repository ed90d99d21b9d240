// SPDX-License-Identifier: Apache-2.0
// A thread that is about to be frozen must not learn of that from an exception that it could not expect.
#pragma once

namespace curfew::inline v1::detail {

/// Does the exit freeze the calling thread if it has not ended by then? It does so for a daemon, for main once another
/// thread runs the exit, and for a thread that was already told to freeze.
bool is_to_be_frozen() noexcept;

/// Is it frozen without having been asked to stop? It waits for the freeze where it would otherwise be told
/// that it is too late; a thread that was asked needs the error to end in time.
bool is_frozen_unasked() noexcept;
/// Does the caller hold a lock that the rest of the exit may need? It must come to release it then.
bool holds_a_lock_of_the_exit() noexcept;

/// Every public function that may throw exit_in_progress must call it, first of all and where it finds out later that
/// the phase is frozen. A thread that is about to be frozen freezes in here and does not return. For other threads it
/// returns false, and they get the error. It returns true if the caller is about to be frozen and holds a lock that the
/// rest of the exit may need. The caller is frozen when it releases that lock, so it must get there: the public
/// function then does nothing and looks as if it had worked.
[[nodiscard]] bool freeze_if_too_late() noexcept;

}  // namespace curfew::inline v1::detail

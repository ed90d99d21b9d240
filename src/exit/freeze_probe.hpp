// SPDX-License-Identifier: Apache-2.0
// Whether somebody among the frozen holds what the exit needs: asked of the C library on the probe thread, because who
// asks may not come back, and of the words of spin locks.
#pragma once

#include "exit/probe_thread.hpp"

namespace curfew::inline v1::detail {

/// Before anybody is asked to freeze.
void prepare_freeze_probe() noexcept;
/// Is the C library free, that is, the allocator, its streams and its other locks? `round`: how often it was asked
/// before; it is waited for longer then. Null: nobody can be asked.
bool c_library_is_free(probe_thread*, unsigned round) noexcept;
/// The same, and no spin lock that was found during the freeze is taken.
bool all_is_free(probe_thread*, unsigned round) noexcept;
/// Was some stream's lock held when it was last asked?
bool a_frozen_thread_holds_a_stream() noexcept;

/// Makes the probe thread do what the frozen threads let it do. On a busy machine it may not get a processor for a
/// while, and the exit must not go on without it: it is given up only when it sleeps for a lock.
void run_unless_it_hangs(probe_thread&, void (*job)()) noexcept;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exit/state.hpp"
#include "registry/record.hpp"

namespace curfew::inline v1::detail {

/// Is its end never to come: frozen for good, or come to `exit` second while the calling thread runs the exit?
bool can_never_end(const record&) noexcept;

/// Waits for the OS thread's end. False when `deadline` has passed.
/// Throws `resource_deadlock_would_occur` for oneself and for a cycle of joins, exit_in_progress for what can never
/// end.
bool join_record(record&, steady_time deadline);

}  // namespace curfew::inline v1::detail

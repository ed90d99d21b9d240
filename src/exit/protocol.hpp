// SPDX-License-Identifier: Apache-2.0
// Steps 2 to 6 of the exit, in their order.
#pragma once

#include "exit/state.hpp"

#include <curfew/exit.hpp>

namespace curfew::inline v1::detail {

/// Runs what is left of the steps on the calling thread. What is left: a hook may have called exit, and is then
/// below us on the stack; or finish() or an exit_guard has been there. Then those are waited for, or frozen, who were
/// not or could not be then: the thread that has called finish(), and what has been started since. No hook runs twice.
void run_steps(purpose);
/// The same. Without memory, or after another failure in the middle of the steps, what they were to wait for cannot be
/// waited for any more; the way out is the one for a daemon that cannot be frozen.
void run_steps_or_end_at_once(purpose) noexcept;

/// The deadline runs from the first call on.
void start_time_of_exit(const exit_options&, purpose);

/// What the steps did; valid once they are done. Of two times the second.
exit_report& report_of_exit() noexcept;
void forget_reports_after_fork();

}  // namespace curfew::inline v1::detail

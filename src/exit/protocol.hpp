// SPDX-License-Identifier: Apache-2.0
// Steps 2 to 6 of the exit, in their order.
#pragma once

#include "exit/state.hpp"

#include <curfew/exit.hpp>

namespace curfew::inline v1::detail {

/// Runs what is left of the steps on the calling thread. What is left: a hook may have called exit, and is then below
/// us on the stack; or finish() or an exit_guard has been there. Then the threads are waited for, or frozen, that were
/// not or could not be at that time: the one that called finish(), and those that have been started since. No hook runs
/// twice.
void run_steps(purpose);
/// The same. If memory runs out, or the steps fail halfway in another way, what they were to wait for can no longer be
/// waited for; the process then ends as it does for a daemon that cannot be frozen.
void run_steps_or_end_at_once(purpose) noexcept;

/// The deadline runs from the first call on.
void start_time_of_exit(const exit_options&, purpose);

/// What the steps did; valid once they are done. If they ran twice, this is the second report.
exit_report& report_of_exit() noexcept;
void forget_reports_after_fork();

}  // namespace curfew::inline v1::detail

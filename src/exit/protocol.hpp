// SPDX-License-Identifier: Apache-2.0
// Steps 2 to 6 of the exit, in their order.
#pragma once

#include "exit/state.hpp"

#include <curfew/exit.hpp>

namespace curfew::inline v1::detail {

/// Runs what is left of the steps on the calling thread. What is left: a hook may have called exit, and is then
/// below us on the stack.
void run_steps(purpose);

/// The deadline runs from the first call on.
void start_time_of_exit(const exit_options&, purpose);

/// What the steps did; valid once they are done.
exit_report& report_of_exit() noexcept;

}  // namespace curfew::inline v1::detail

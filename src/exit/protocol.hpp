// SPDX-License-Identifier: Apache-2.0
// Steps 2 to 6 of the exit, in their order.
#pragma once

#include <curfew/exit.hpp>

namespace curfew::inline v1::detail {

enum class purpose : bool {
  process_ends,
  host_goes_on,  ///< finish(): the main thread is not frozen, and the deadline ends no process
};

/// Runs what is left of the steps on the calling thread. What is left: a hook may have called exit, and is then
/// below us on the stack.
void run_steps(purpose) noexcept;

/// What the steps did; valid once they are done.
exit_report& report_of_exit() noexcept;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
// Step 6: every daemon that is left is halted, at a moment when it holds no lock that the rest of the exit needs.
#pragma once

#include <curfew/exit.hpp>

#include <pthread.h>

namespace curfew::inline v1::detail {

/// Moves the phase to `frozen` and halts daemons, threads that wait in a circle for the exiting one, and, if
/// `main_too`, the main thread. Fills in the report. Does nothing but move the phase when there is nobody to halt.
void cut_off(const exit_options&, bool main_too, exit_report&);

/// Names of the frozen, for the watch: the thread with this kernel id, or null. Does not allocate.
const thread_info* frozen_thread(pid_t) noexcept;
const thread_info* frozen_pthread(pthread_t) noexcept;
/// A frozen thread that was halted with a lock that lock_tracking saw; null if none.
const thread_info* frozen_holder() noexcept;
bool is_frozen_task(pid_t) noexcept;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
// Step 6: every daemon that is left is frozen, at a moment when it holds no lock that the rest of the exit needs.
#pragma once

#include "exit/state.hpp"
#include "os/blocked_signals.hpp"

#include <curfew/exit.hpp>

#include <pthread.h>

namespace curfew::inline v1::detail {

/// Moves the phase to `frozen`: from then on nobody can start a thread, and whoever was starting one is in a list.
/// False, and nothing moved, while there is a regular thread to wait for, started since the wait, unless `anyhow`.
bool enter_phase_frozen(bool anyhow) noexcept;

/// After that: freezes daemons, threads that wait in a cycle for the exiting one, and, if
/// `main_too`, the main thread. Fills in the report.
/// `signals`: blocked here, to be let in again by the caller when it is ready to have the frozen threads thawed.
void freeze_daemons(const exit_options&, purpose, bool main_too, exit_report&, os::blocked_signals& signals);

/// Lets all of the frozen go, for good, as in a program without curfew. For `curfew run` only: the library never does.
/// False when nobody is frozen. Does not allocate.
bool thaw_all_frozen() noexcept;
/// A frozen thread may be asked by a signal that is sent to it alone, by a collector that stops the world say, and the
/// exit wait for its answer. It answers from now on, in the program's handler, and stays frozen behind it.
/// True if somebody has been asked so since the last call. Does not allocate.
bool let_frozen_answer_signals() noexcept;

/// Names of the frozen, for the watch: the thread with this kernel id, or null. Does not allocate.
const thread_info* frozen_thread(pid_t) noexcept;
const thread_info* frozen_pthread(pthread_t) noexcept;
/// A frozen thread that was frozen with a lock that lock_tracking saw; null if none.
const thread_info* frozen_holder() noexcept;
bool is_frozen_task(pid_t) noexcept;
/// How many of the frozen stand in a wait on this condition variable, as far as lock_tracking saw.
CURFEW_API unsigned frozen_waiters(const void* condition) noexcept;

}  // namespace curfew::inline v1::detail

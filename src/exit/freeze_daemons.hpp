// SPDX-License-Identifier: Apache-2.0
// Step 6: every daemon that is left is frozen, at a moment when it holds no lock that the rest of the exit needs.
#pragma once

#include "exit/state.hpp"
#include "os/blocked_signals.hpp"
#include "os/freeze.hpp"

#include <curfew/exit.hpp>

#include <pthread.h>

namespace curfew::inline v1::detail {

/// Moves the phase to `frozen`: from then on no thread can be started, and every thread that was being started is in a
/// list. Returns false and changes nothing while there is a regular thread to wait for that was started since the wait,
/// unless `anyhow`.
bool enter_phase_frozen(bool anyhow) noexcept;

/// After that: freezes daemons, threads that wait in a cycle for the exiting one, and, if
/// `main_too`, the main thread. Fills in the report.
/// `signals`: blocked here, to be let in again by the caller when it is ready to have the frozen threads thawed.
void freeze_daemons(const exit_options&, purpose, bool main_too, exit_report&, os::blocked_signals& signals);

/// Is a freeze going on, by whichever thread? Some of its threads may be frozen already, and hold any lock.
bool freeze_goes_on() noexcept;
/// Thaws all frozen threads for good, so that the exit goes on as without curfew. For `curfew run` only: the library
/// never does. Returns false if no thread is frozen. Does not allocate.
bool thaw_all_frozen() noexcept;
/// A signal that is sent to a frozen thread alone, for example by a collector that stops the world, may ask it
/// something, and the exit may wait for the answer. From now on such a thread answers in the program's handler, and
/// stays frozen otherwise. So does one that the C library's setuid has asked. Returns true if a thread has been asked
/// in this way since the last call. Does not allocate.
bool let_frozen_answer_signals(os::asked_by) noexcept;

/// Names a frozen thread for the watch: the one with this kernel id, or null. Does not allocate.
const thread_info* frozen_thread(pid_t) noexcept;
const thread_info* frozen_pthread(pthread_t) noexcept;
/// Returns a thread that was frozen with a lock that lock_tracking saw; null if there is none.
const thread_info* frozen_holder() noexcept;
bool is_frozen_task(pid_t) noexcept;
/// Is there a thread, beside the exiting one and curfew's own, that runs and could give the exiting one what it waits
/// for?
bool anybody_else_runs(pid_t exiting) noexcept;
/// Returns how many frozen threads wait on this condition variable, as far as lock_tracking saw.
CURFEW_API unsigned frozen_waiters(const void* condition) noexcept;

}  // namespace curfew::inline v1::detail

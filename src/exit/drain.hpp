// SPDX-License-Identifier: Apache-2.0
// Steps 3 and 4: what the exit waits for.
#pragma once

#include "registry/record.hpp"

#include <curfew/detail/timeout.hpp>
#include <curfew/exit.hpp>

namespace curfew::inline v1::detail {

enum class whom : bool { regular, daemons };

/// Asks every live thread of that kind to stop that was told to listen. Runs their stop callbacks.
void ask_to_stop(whom);

/// Waits until the OS thread of every regular thread has ended, including those that are started meanwhile; reports on
/// stderr what it waits for. Returns false if `deadline` came first.
bool wait_for_regular(const exit_options&, steady_time began, steady_time deadline, exit_report&);

/// Waits until no detached thread that curfew did not start is left; reports as above. Returns false if `until` came
/// first.
bool wait_for_detached(const exit_options&, steady_time began, steady_time until, exit_report&);

enum class progress_hook : unsigned char { pools, timers };

/// The hook is called on the exiting thread each time before that thread checks what it still waits for, and once more
/// before the freeze. It makes sure that work that the end has to wait for has a thread.
void set_progress_hook(progress_hook, void (*)()) noexcept;
void run_progress_hooks();
/// Is any progress hook set?
bool has_progress_hooks() noexcept;

/// Is this a regular thread whose end the exit, run by `self`, has to wait for?
bool is_waited_for_locked(const record&, const record* self) noexcept;

/// A daemon that is over leaves microseconds later: it is given a moment, so that it is not frozen on its way out.
void let_daemons_leave();
/// Waits for open shields, and, up to their grace period, for daemons that were asked to stop.
void wait_for_shields_and_grace(const exit_options&, steady_time deadline, exit_report&) noexcept;

}  // namespace curfew::inline v1::detail

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

/// Waits until every regular thread's OS thread has ended, also of those that are started meanwhile; reports on stderr
/// what it waits for. False when `deadline` came first.
bool wait_for_regular(const exit_options&, steady_time began, steady_time deadline, exit_report&);

/// Waits until no detached thread that curfew did not start is left; reports as above. False when `until` came first.
bool wait_for_detached(const exit_options&, steady_time began, steady_time until, exit_report&);

enum class progress_hook : unsigned char { pools, timers };

/// Called, on the exiting thread, each time before it looks whom it still waits for, and once more before the freeze:
/// sees to it that work that the end has to wait for has a thread.
void set_progress_hook(progress_hook, void (*)()) noexcept;
void run_progress_hooks();
/// Is there anything of that kind?
bool has_progress_hooks() noexcept;

/// Is this a regular thread that the exit, run by `self`, has to see the end of?
bool is_waited_for_locked(const record&, const record* self) noexcept;

/// Waits for open shields, and for daemons that were asked up to their grace.
void wait_for_shields_and_grace(const exit_options&, steady_time deadline, exit_report&) noexcept;

}  // namespace curfew::inline v1::detail

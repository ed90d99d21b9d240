// SPDX-License-Identifier: Apache-2.0
// Another life for a host whose main goes on: an interpreter's console, a test runner, a notebook's kernel.
//
//     for (;;) {
//       run_program();       // starts threads, registers hooks
//       curfew::finish();    // ends them: regular threads are waited for, daemons frozen
//       curfew::restart();   // the next one may start threads again
//     }
#pragma once

#include <curfew/error.hpp>
#include <curfew/forward.hpp>

namespace curfew {
inline namespace v1 {

/// Makes the program what it was before `finish()`: the phase is `running`, and threads, timers, tasks and hooks are
/// accepted. The next `finish()`, or the exit of the process, goes through all its steps again.
///
/// Hooks that ran are gone. A request of the earlier life (`request_exit`, a first signal of `exit_on_signals`) is
/// forgotten, and the main thread's stop token is a new one, which nobody has asked; the next signal counts as a first.
/// The metrics of the exit begin anew. Pools accept tasks again, unless they were shut down.
///
/// Frozen daemons stay frozen for good, with their stacks and whatever they hold: a host that lives long gives its
/// daemons a `thread_options::grace`, so that they end instead. They are no longer listed or counted; their handles
/// stay valid, and a join still throws `exit_in_progress`. While there are any, the end of the process takes the care
/// that docs/freezing.md describes, and `notify_one` on a condition on which one of them waits wakes all.
///
/// Any thread may call it that went on behind `finish()`: main, and the thread that called `finish()`. Not for signal
/// handlers.
///
/// Errors: `std::system_error` with `operation_not_permitted` if `finish()` has not been called in this life, or if a
/// thread of this life still runs: a regular one that `finish()` gave up at its deadline, or a daemon that could not be
/// frozen; `what()` names it, and once it has ended the call can be repeated. `exit_in_progress` inside a hook, and
/// while another thread runs the exit or `finish()`.
CURFEW_API void restart();

}  // namespace v1
}  // namespace curfew

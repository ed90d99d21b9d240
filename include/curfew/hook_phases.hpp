// SPDX-License-Identifier: Apache-2.0
// Hooks in named phases: first the listeners are closed, then the workers are told to stop, then the storage is synced,
// however far apart the code is that registers them, and each phase has a limit of its own.
//
//     curfew::set_hook_phases({{"listeners", 5s}, {"workers", 20s}, {"storage"}});
//     …
//     curfew::in_phase("storage", "journal", [] { journal.sync(); });
#pragma once

#include <curfew/exit.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace curfew {
inline namespace v1 {

struct hook_phase {
  std::string name;
  /// How long the hooks of this phase may take together. Then stderr says which hook is late, and the exit goes on with
  /// the next phase: the late hook runs on beside it, as a daemon does, until it has returned or the exit freezes
  /// daemons; the hooks behind it in the same phase run after it, if there is time. Without a limit the exit waits for
  /// the phase for as long as it takes.
  std::optional<std::chrono::milliseconds> limit{};
};

/// Declares the phases, in the order in which the exit goes through them. They are a `before_wait` hook: the exit runs
/// them before it waits for regular threads. It runs a phase with a limit on a thread of its own, and one without on
/// the exiting thread. Thread-safe; not for signal handlers. Errors: `std::system_error` with `invalid_argument` for no
/// phase at all, for a name that is empty, occurs twice or contains a NUL, and for a limit that is negative; with
/// `operation_not_permitted` if phases have been declared before and their hooks have not run; `exit_in_progress` once
/// the hooks have begun to run.
CURFEW_API void set_hook_phases(std::vector<hook_phase>);

/// Adds a hook to a phase: within a phase, the one that was added last runs first. What `before_wait` says of
/// exceptions is true of it; in a phase with a limit it must not call `std::exit`, and the exit goes on as if it had
/// returned where it does. `remove_hook` takes it out again. Thread-safe; not for signal handlers. Errors:
/// `std::system_error` with `invalid_argument` for a phase that was not declared, an empty function, or a name that
/// contains a NUL; `exit_in_progress` once the phase has begun.
CURFEW_API hook_id in_phase(std::string_view phase, std::string_view name, std::function<void()> hook);

}  // namespace v1
}  // namespace curfew

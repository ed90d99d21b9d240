// SPDX-License-Identifier: Apache-2.0
// An exit that crashes, in a program that did not ask for curfew: the process ends with its own status all the same.
#pragma once

namespace curfew::inline v1::detail {

/// From now on a signal that would kill the process for a fault of its own (SIGSEGV, SIGABRT, …) ends it with its own
/// status and its output. Signals that the program has a handler for, or ignores, stay as they are.
void end_quietly_on_crash() noexcept;

/// Does the program have a handler for a signal that is sent from outside, by a timer, or by a child that ends?
/// Async-signal-safe.
bool program_handles_signals() noexcept;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace curfew::check {

/// A thread is about to be joined by the caller. Some runtimes end their threads before they call the C library's
/// `exit`: in one of their functions that do so, the exit begins here.
void begin_exit_of_runtime() noexcept;

}  // namespace curfew::check

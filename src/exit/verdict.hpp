// SPDX-License-Identifier: Apache-2.0
// The ends that the watch decides on: they say what the exiting thread was found at. For the watch's thread.
#pragma once

#include <curfew/thread_info.hpp>

#include <sys/types.h>

namespace curfew::inline v1::detail {

/// It waits for what `holder` has, which is frozen; null: for what nobody is left to give.
[[noreturn]] void end_stuck(pid_t exiting, const thread_info* holder) noexcept;
/// It spins for what only a frozen thread could do.
[[noreturn]] void end_spinning(pid_t exiting) noexcept;
/// It has taken longer than its limit.
[[noreturn]] void end_over_limit(pid_t exiting) noexcept;

}  // namespace curfew::inline v1::detail

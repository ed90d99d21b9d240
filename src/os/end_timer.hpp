// SPDX-License-Identifier: Apache-2.0
// Ends of the process that need no thread: by timers of the kernel's.
#pragma once

#include <curfew/detail/timeout.hpp>
#include <curfew/forward.hpp>

namespace curfew::inline v1::detail::os {

/// At that moment, and every 50 ms from then on, `late(asleep)` is called in a signal handler on the calling thread: it
/// ends the process, or returns to let the thread go on. `asleep`: it was met in a system call in which nothing moves.
/// A later call moves the moment. False when there is no timer available. Takes no lock, allocates nothing.
bool call_when_late(steady_time, void (*late)(bool asleep)) noexcept;

/// Calls `stuck()` in a signal handler on the calling thread when that is found asleep for half a second, in one and
/// the same wait on a futex of the C library's. For what must not take long; a machine that is slow does not matter.
void on_own_sleep(void (*stuck)()) noexcept;
void stop_own_sleep_timer() noexcept;

/// In the handler of the freeze signal: does what one of the timers was set for, if it came from one.
bool act_if_timer(const void* signal_value, const void* ucontext) noexcept;

}  // namespace curfew::inline v1::detail::os

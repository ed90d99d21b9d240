// SPDX-License-Identifier: Apache-2.0
// An end of the process that needs no thread: by a timer of the kernel's.
#pragma once

#include <curfew/detail/timeout.hpp>
#include <curfew/forward.hpp>

namespace curfew::inline v1::detail::os {

/// At that moment the process ends by `_exit(status)`, in a signal handler on the calling thread. A later call moves
/// the moment. False when there is no timer to be had. Takes no lock, allocates nothing.
bool end_process_at(steady_time, int status) noexcept;

/// In the handler of the freeze signal: ends the process if the timer sent it.
void end_if_timer(const void* signal_value) noexcept;

}  // namespace curfew::inline v1::detail::os

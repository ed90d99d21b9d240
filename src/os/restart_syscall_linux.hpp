// SPDX-License-Identifier: Apache-2.0
// The kernel's own way to go on with a call that it has interrupted: restart_syscall. The kernel knows until when the
// call was to last. What it remembers is lost as soon as a signal handler returns, so the call has to be made within
// the handler.
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail::os {

/// Opens the signals as in `mask` (the kernel's), and goes on with the interrupted call; then closes all signals again.
/// Returns what the call returns: -EINTR if a handler of the program came first. Not noexcept, because a cancelled
/// thread leaves by unwinding.
long restart_call(unsigned long mask);

/// Has a signal interrupted `restart_call`, between its opening the signals and the end of the call? Returning from the
/// handler would then make the kernel forget the call: `resume_restart_call` has to be called instead.
bool interrupts_restart_call(const void* ucontext) noexcept;
[[noreturn]] void resume_restart_call(const void* ucontext) noexcept;

}  // namespace curfew::inline v1::detail::os

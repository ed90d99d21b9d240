// SPDX-License-Identifier: Apache-2.0
// The C library's own exit, and the status it is given.
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail::os {

/// The C library's exit, which curfew's stands in front of.
[[noreturn]] void c_library_exit(int status) noexcept;
/// Looks it up beforehand: the loader's lock need not be free later.
void find_c_library_exit() noexcept;

/// The end of the process, at once: by the system call, since what sanitizers put before _exit writes out streams.
[[noreturn]] void end_now(int status) noexcept;

/// Calls `tell(status)` before every exit handler that is registered by now. Does nothing where the C library has no
/// on_exit.
void tell_exit_status(void (*tell)(int status)) noexcept;

}  // namespace curfew::inline v1::detail::os

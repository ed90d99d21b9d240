// SPDX-License-Identifier: Apache-2.0
// The C library's own exit, and the status it is given.
#pragma once

#include <curfew/forward.hpp>

#include <cstdint>

namespace curfew::inline v1::detail::os {

/// The C library's exit, which curfew's stands in front of. Not noexcept: an exit handler may end its thread, which
/// unwinds it.
[[noreturn]] void c_library_exit(int status);
/// Looks it up beforehand: the loader's lock need not be free later.
void find_c_library_exit() noexcept;

/// Is it known? Not in a program that was linked with -static: the program's `exit` is then the C library's.
bool knows_c_library_exit() noexcept;

/// Destroys the calling thread's thread_local objects, last made first, as the C library's exit would do it, but from
/// outside: from glibc 2.41 on, exit holds a lock around that. False where the C library does not give away how. Not
/// noexcept: what it calls is the program's.
bool end_own_thread_locals();

/// Does the address lie in the C library's own data? False when unknown. Takes the loader's lock.
bool is_c_library_data(std::uint64_t address) noexcept;

/// The end of the process, at once: by the system call, since what sanitizers put before _exit writes out streams.
[[noreturn]] void end_now(int status) noexcept;

/// Calls `tell(status)` before every exit handler that is registered by now. Does nothing where the C library has no
/// on_exit.
void tell_exit_status(void (*tell)(int status)) noexcept;

}  // namespace curfew::inline v1::detail::os

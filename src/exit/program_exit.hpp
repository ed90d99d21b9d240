// SPDX-License-Identifier: Apache-2.0
// The program's `exit`, under a name of its own: the C library's header declares the other noexcept, but an exit
// handler that ends its thread (pthread_exit, or it was cancelled) unwinds it.
#pragma once

#include <curfew/forward.hpp>

extern "C" [[noreturn]] CURFEW_API void curfew_program_exit(int status) __asm__("exit");

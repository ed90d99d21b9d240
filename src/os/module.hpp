// SPDX-License-Identifier: Apache-2.0
// Shared libraries whose code a thread needs: they must not be unloaded while it runs.
#pragma once

#include <curfew/forward.hpp>

#include <cstdint>

namespace curfew::inline v1::detail::os {

/// Keeps the shared library that holds this code address loaded until `unpin_module`. Returns null if there is nothing
/// to do: the address is the program's own, or the system cannot say.
void* pin_module(const void* code) noexcept;
void unpin_module(void* pin) noexcept;

/// Where the code address lies in the program's file, for addr2line; 0 when it is not the program's. Async-signal-safe.
std::uintptr_t offset_in_program(const void* code) noexcept;
/// The program's name, without folders.
const char* program_name() noexcept;

/// Keeps the module that curfew's own code lies in loaded for good: handlers point into it.
void pin_own_module() noexcept;

}  // namespace curfew::inline v1::detail::os

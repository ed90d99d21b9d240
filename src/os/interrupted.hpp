// SPDX-License-Identifier: Apache-2.0
// Where a signal has interrupted its thread.
#pragma once

#include <curfew/forward.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace curfew::inline v1::detail::os {

/// The code address at which the handler's third argument says the thread was interrupted.
const void* interrupted_at(const void* ucontext) noexcept;

/// Returns true if the thread was asleep in a system call that waits for a lock, time, or input. It has then finished
/// what it was doing inside the C library, unless the wait itself happens under a lock (`getchar`). Only for addresses
/// inside the C library, because it reads the code around them.
bool asleep_in_system_call(const void* ucontext) noexcept;
/// The same, where a thread that is about to enter the kernel for that call is not to be taken for one that sleeps
/// there. On x86-64 a register tells the two apart. On arm64 nothing in the frame does, so it takes a second look: a
/// thread that is met twice in a row in the same call of the same frame, and has slept in between, has entered it. True
/// then only. What cannot be known: whether it has slept in that call, or in another and has come back to this one.
bool surely_asleep_in_system_call(const void* ucontext) noexcept;
/// What that needs: called once for each interruption by which the thread is asked to freeze, and once more when it has
/// slept in the handler.
void note_interruption(const void* ucontext) noexcept;
/// The same as asleep_in_system_call for every system call, a `write` too.
bool asleep_in_any_system_call(const void* ucontext) noexcept;
/// Is the instruction before the address a system call? For every address at which code was interrupted.
bool behind_system_call(const void* ucontext) noexcept;

/// The instruction pointer and the general registers, as many as there is room for. How many; 0 on an unknown
/// processor.
std::size_t read_registers(const void* ucontext, std::span<std::uint64_t> to) noexcept;

}  // namespace curfew::inline v1::detail::os

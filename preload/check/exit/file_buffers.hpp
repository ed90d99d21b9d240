// SPDX-License-Identifier: Apache-2.0
// Output in the buffers of C++ file streams that nobody will write out.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace curfew::check {

/// The part of a thread's stack that is in use; false for a thread that runs or whose stack is not known.
bool stack_in_use(pid_t tid, int index, std::uint64_t& from, std::uint64_t& to) noexcept;

/// Emits an event for each std::ofstream and std::fstream with such output that lies on another thread's stack, or that
/// is pointed to from there or from what the thread was started with.
void look_at_file_buffers() noexcept;
/// The same for what a thread's registers point to.
void look_at_registers(int index, const std::uint64_t* words, unsigned count) noexcept;

}  // namespace curfew::check

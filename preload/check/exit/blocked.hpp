// SPDX-License-Identifier: Apache-2.0
// An exit that makes no progress: who waits for what, and the end of the process.
#pragma once

#include "check/linux/sleeping.hpp"
#include "check/memory/waits.hpp"
#include "check/record.hpp"

#include <sys/types.h>

#include <cstdint>

namespace curfew::check {

/// In how a thread sleeps: the lock itself, not a word inside it or one of this library's.
void name_what_is_awaited(sleeping& in, bool& sleeps, const wait_facts& wait) noexcept;

/// With which status the process ends if it has to be ended.
void set_status_by_force(int) noexcept;

/// The thread, which exits or closes a library, has made no progress for so long. Writes out the streams and ends the
/// process.
[[noreturn]] void report_blocked(pid_t tid, std::uint64_t ms) noexcept;

/// The thread's exit sleeps at a lock that no thread of this process can hold. Likewise.
[[noreturn]] void report_left_behind(pid_t tid, const exit_left_behind&) noexcept;

/// In the handler of the alarm that is set for so many milliseconds before there is a watching thread: exit was called
/// in the handler of a signal that has interrupted the allocator, or another holder of a lock, and comes no further.
/// Likewise.
[[noreturn]] void report_early(void* context) noexcept;
unsigned early_patience() noexcept;

}  // namespace curfew::check

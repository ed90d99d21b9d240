// SPDX-License-Identifier: Apache-2.0
// Whether the process exits, which thread does so, and whether it makes progress.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>

namespace curfew::check {

/// The thread that exits; 0 until the exit begins.
extern constinit std::atomic<int> exiting_tid;

/// Has the exit begun? Asked at every free().
[[gnu::always_inline]] inline bool exiting() noexcept { return exiting_tid.load(std::memory_order_acquire) != 0; }
/// Is the calling thread the one that exits?
bool is_exiting_thread() noexcept;
/// In the child of a fork: where an exiting thread forks, the child goes on exiting.
void exit_on_after_fork() noexcept;

/// The exit makes progress.
void note_step() noexcept;
/// How often it has.
std::uint64_t exit_steps() noexcept;

}  // namespace curfew::check

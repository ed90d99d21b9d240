// SPDX-License-Identifier: Apache-2.0
// The threads beside the exiting one, when the exit begins and when it ends.
#pragma once

namespace curfew::check {

/// Emits what is known of every other thread. Stacks are had by interrupting threads: only where that no longer
/// matters.
enum class thread_moment { begin, end, end_with_stacks };
void look_at_threads(thread_moment) noexcept;

}  // namespace curfew::check

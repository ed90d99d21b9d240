// SPDX-License-Identifier: Apache-2.0
// The memory of tasks, as a fork has to hold it.
#pragma once

namespace curfew::inline v1::detail {

/// Nobody else is in the depot of cells between the two.
void lock_task_memory() noexcept;
void unlock_task_memory() noexcept;

}  // namespace curfew::inline v1::detail

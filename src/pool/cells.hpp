// SPDX-License-Identifier: Apache-2.0
// The memory of tasks, as a fork has to hold it.
#pragma once

namespace curfew::inline v1::detail {

/// Nobody else is in the depot of cells between the two.
void hold_cells() noexcept;
void let_go_of_cells() noexcept;

}  // namespace curfew::inline v1::detail

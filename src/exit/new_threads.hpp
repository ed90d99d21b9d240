// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "os/freeze.hpp"

#include <curfew/registry.hpp>

#include <span>

namespace curfew::inline v1::detail {

/// Threads that were still being made when they were chosen to be frozen had no id yet. They freeze where they begin,
/// which is soon, and have a name then. This waits for that, a second at most, and notes id and name in `known` and
/// `reported`, which are in the order of `cells`. Both fit where they are put, so nothing is allocated.
void name_the_new(std::span<os::freeze_cell* const> cells, std::span<thread_info> known,
                  std::span<thread_info> reported) noexcept;

}  // namespace curfew::inline v1::detail

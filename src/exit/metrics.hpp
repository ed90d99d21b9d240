// SPDX-License-Identifier: Apache-2.0
// When each part of the exit began.
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail {

enum class exit_part : unsigned char { hooks, draining, stopping, freezing, done };

/// The first time counts: an exit behind finish() has little left to do.
void note_exit_part(exit_part) noexcept;
void forget_exit_parts_after_fork() noexcept;

}  // namespace curfew::inline v1::detail

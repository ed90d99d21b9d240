// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail {

/// How many shields are open, the calling thread's own not counted.
unsigned shields_of_others() noexcept;
void reset_shields_after_fork() noexcept;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/forward.hpp>

#include <string_view>

namespace curfew::inline v1::detail {

/// Throws `invalid_argument` for a name, of a thread or of a hook, that no system can show: one with a NUL in it.
void check_name(std::string_view);

}  // namespace curfew::inline v1::detail

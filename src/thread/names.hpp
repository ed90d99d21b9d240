// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/record.hpp"

#include <string_view>

namespace curfew::inline v1::detail {

/// Throws `invalid_argument` for a name that no system can show: one with a NUL in it.
void check_name(std::string_view);
/// Gives the calling thread's OS thread its record's name.
void show_name(record&) noexcept;
/// Renames a thread, for the OS too if it runs.
void rename(record&, std::string_view);

}  // namespace curfew::inline v1::detail

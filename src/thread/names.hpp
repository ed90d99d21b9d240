// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/check_name.hpp"
#include "registry/record.hpp"

#include <string_view>

namespace curfew::inline v1::detail {

/// Gives the calling thread's OS thread its record's name.
void show_name(record&) noexcept;
/// Renames a thread, for the OS too if it runs.
void rename(record&, std::string_view);

}  // namespace curfew::inline v1::detail

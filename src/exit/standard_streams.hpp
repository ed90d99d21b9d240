// SPDX-License-Identifier: Apache-2.0
// std::cout and std::clog: what they hold back is to be written when no destructor will do it.
#pragma once

namespace curfew::inline v1::detail {

/// Finds them, if they have to be found. Before anything is frozen.
void find_standard_streams() noexcept;
/// Writes out what they hold. May wait for a lock that a frozen thread holds.
void flush_standard_streams() noexcept;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
// Closing pages while other threads wait for something that lies on them: in two steps, so that they come to rest in
// between.
#pragma once

#include <cstdint>

namespace curfew::check {

/// Closes the pages of [begin, begin + size).
void close_pages(std::uint64_t begin, std::uint64_t size) noexcept;
/// Closes those among them on which something dead lies.
void close_dead_ranges(std::uint64_t begin, std::uint64_t size) noexcept;

}  // namespace curfew::check

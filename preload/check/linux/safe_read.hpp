// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace curfew::check {

/// Reads memory of this process that may not be there. Async-signal-safe.
bool read_safely(std::uint64_t address, void* to, std::size_t size) noexcept;

}  // namespace curfew::check

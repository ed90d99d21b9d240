// SPDX-License-Identifier: Apache-2.0
// The code of libraries that have been unloaded.
#pragma once

#include "check/record.hpp"

#include <cstdint>

namespace curfew::check {

struct unloaded_library {
  std::uint64_t begin = 0, end = 0;
  text_place path{};
};

/// Is that range known already? A program that opens and closes one library again and again notes it once.
bool is_noted_unloaded(std::uint64_t begin, std::uint64_t end) noexcept;
void note_unloaded(const unloaded_library&) noexcept;
/// The one that has been there; false when there is none. `from`: 0 at first, then where it goes on to look.
bool unloaded_at(std::uint64_t address, unsigned& from, unloaded_library& to) noexcept;

}  // namespace curfew::check

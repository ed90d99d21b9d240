// SPDX-License-Identifier: Apache-2.0
// An object of unknown size reaches as far as its own destructor's accesses do: its pages are closed for that one, too.
#pragma once

#include <cstdint>

namespace curfew::check {

/// So many bytes at most.
inline constexpr std::uint64_t max_measured = 2048;

void measure_own_accesses(std::uint64_t begin, std::uint64_t size) noexcept;
/// In the handler of faults, with the page open: the exiting thread has accessed that address. `write`: it may have
/// been changed by that.
void note_own_access(std::uint64_t address, bool write) noexcept;

struct own_accesses {
  std::uint64_t size = 0;
  bool written = false;
};
/// After the destructor.
own_accesses end_own_accesses() noexcept;

}  // namespace curfew::check

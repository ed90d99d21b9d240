// SPDX-License-Identifier: Apache-2.0
// What destructors and exit handlers free is not given back: it is overwritten with a pattern that says which block it
// was, pages that hold nothing else are closed, and the rest is looked through at the end.
#pragma once

#include <cstddef>
#include <cstdint>

namespace curfew::check {

/// In place of free(): true when the block was kept, or was freed already.
bool keep_freed(void* block) noexcept;
/// How many blocks have been kept.
std::uint32_t freed_count() noexcept;
/// Closes the pages that are free altogether by now.
void close_freed() noexcept;

struct freed_block {
  std::uint64_t begin = 0, size = 0;
  int destructor = -1;  ///< event of the one that freed it
};
/// The block that a pattern was read from; `offset`: what was added to it since.
bool block_of_pattern(std::uint64_t value, freed_block& to) noexcept;
/// A word that stands for the address of a kept block: whoever uses it as one is caught. 0: no such block.
std::uint64_t pattern_for(std::uint64_t begin) noexcept;
/// Emits an event for each block that was written to since it was freed.
void look_for_writes() noexcept;

}  // namespace curfew::check

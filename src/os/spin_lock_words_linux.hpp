// SPDX-License-Identifier: Apache-2.0
// The words that code near daemons takes and gives back as spin locks do. One look at a word does not tell a lock that
// is taken from a flag that is set and stays so; a lock is free at another look.
#pragma once

#include "os/spin_locks.hpp"

#include <cstddef>
#include <cstdint>

namespace curfew::inline v1::detail::os {

/// `locked`: the bits that say so. `is_sure`: three bytes of the instruction that takes it say what it is; xchg is a
/// single one, which is found in any code.
struct lock_word {
  std::uint64_t address, locked;
  unsigned width;  ///< in bytes
  bool is_sure;
};

/// Is it taken at this moment? Notes the word, and what was seen. A word that was never seen free in this freeze is
/// `perhaps_taken` at most. Async-signal-safe.
spin_lock look_at(const lock_word&) noexcept;

/// Reads memory of which nobody knows whether it is there; less than a page. Async-signal-safe.
bool is_readable(std::uint64_t address) noexcept;
bool read_memory(std::uint64_t from, void* to, std::size_t size) noexcept;

}  // namespace curfew::inline v1::detail::os

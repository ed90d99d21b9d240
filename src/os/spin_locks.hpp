// SPDX-License-Identifier: Apache-2.0
// Spin locks that a compiler has put into the program's own code: std::atomic<std::shared_ptr>, std::stop_callback,
// std::atomic_flag. No call announces them, so the code around the place of an interruption is read.
#pragma once

#include <curfew/forward.hpp>

#include <cstdint>

namespace curfew::inline v1::detail::os {

enum class spin_lock : unsigned char {
  none,
  perhaps_taken,  ///< a word with a pointer in it: one that locks by its lowest bit is free, one that names an owner is
                  ///< not
  taken
};

/// A word of memory that is such a lock.
struct spin_word {
  std::uint64_t address = 0;  ///< 0: none
  std::uint64_t locked = 0;   ///< the bits that say that it is taken
  unsigned width = 0;         ///< in bytes
  bool is_sure = false;       ///< what takes it cannot be mistaken for other code
};

/// Was the thread interrupted near an atomic instruction that takes such a lock and one that gives it back, and is the
/// lock taken? Then `word` is that lock. Both must name the same address. A lock whose two ends are functions of their
/// own is not seen. `none` on processors whose code is not read. Async-signal-safe; reads by a system call that fails
/// where nothing is mapped.
spin_lock spin_lock_near(const void* ucontext, spin_word& word) noexcept;

/// How it is now: `taken` while its owner, if that is frozen, keeps it from everybody else. Async-signal-safe.
spin_lock state_of(const spin_word&) noexcept;

}  // namespace curfew::inline v1::detail::os

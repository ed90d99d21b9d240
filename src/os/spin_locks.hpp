// SPDX-License-Identifier: Apache-2.0
// Spin locks that a compiler has put into the program's own code: std::atomic<std::shared_ptr>, std::stop_callback,
// std::atomic_flag. No call announces them, so the code around the place of an interruption is read.
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail::os {

enum class spin_lock : unsigned char {
  none,
  perhaps_taken,  ///< a word with a pointer in it: one that locks by its lowest bit is free, one that names an owner is
                  ///< not; or one that was never seen free, which may be a flag that stays set
  taken
};

/// Was the thread interrupted near an atomic instruction that takes such a lock and one that gives it back, and is the
/// lock taken? Both must name the same address. A lock whose two ends are functions of their own is
/// not seen. `none` on processors whose code is not read. Async-signal-safe; reads by a system call that fails where
/// nothing is mapped.
spin_lock spin_lock_near(const void* ucontext) noexcept;

/// Looks again at the words that `spin_lock_near` has found since `forget_spin_locks`: is one of them taken that was
/// free at an earlier look? When all threads are frozen, one of them has it then. Async-signal-safe.
bool known_spin_lock_is_taken() noexcept;
/// At the begin of a freeze, before anybody is asked.
void forget_spin_locks() noexcept;

}  // namespace curfew::inline v1::detail::os

// SPDX-License-Identifier: Apache-2.0
// Spin locks that a compiler has put into the program's own code: std::atomic<std::shared_ptr>, std::stop_callback,
// std::atomic_flag. No call announces them, so the code around the place of an interruption is read.
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail::os {

/// Was the thread interrupted near an atomic instruction that takes such a lock and one that gives it back, and is the
/// lock taken? Both must name the same address. A lock whose two ends are functions of their own is
/// not seen. False on processors whose code is not read. Async-signal-safe; reads by a system call that fails where
/// nothing is mapped.
bool is_in_spin_lock(const void* ucontext) noexcept;

}  // namespace curfew::inline v1::detail::os

// SPDX-License-Identifier: Apache-2.0
// Marks by which curfew's own waits are known from outside, in /proc/PID/task/TID/syscall: they are the bits of
// FUTEX_WAIT_BITSET. A FUTEX_WAKE wakes whatever the bits are.
#pragma once

#include <cstdint>

namespace curfew::inline v1::detail::os {

inline constexpr std::uint32_t no_mark = 0xffffffff;
inline constexpr std::uint32_t mark_of_frozen = 0x63667a6e;  ///< a thread that is frozen
inline constexpr std::uint32_t mark_of_own = 0x63666f77;     ///< a thread of the library's own, with nothing to do
inline constexpr std::uint32_t mark_of_drain = 0x63666472;   ///< the exit waits for threads, as it is asked to

}  // namespace curfew::inline v1::detail::os

// SPDX-License-Identifier: Apache-2.0
#include "os/futex.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

bool futex_wait(const futex_word&, std::uint32_t, steady_time, std::uint32_t) noexcept { missing(); }
bool futex_wait_for_signal(const futex_word&, std::uint32_t, steady_time, std::uint32_t) noexcept { missing(); }
bool futex_wait_cancellable(const futex_word&, std::uint32_t, steady_time) { missing(); }
void futex_wake(const futex_word&, int) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os

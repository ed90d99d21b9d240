// SPDX-License-Identifier: Apache-2.0
#include "os/spin_locks.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

spin_lock spin_lock_near(const void*, spin_word&) noexcept { missing(); }
spin_lock state_of(const spin_word&) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os

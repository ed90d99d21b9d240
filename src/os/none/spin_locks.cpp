// SPDX-License-Identifier: Apache-2.0
#include "os/spin_locks.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

spin_lock spin_lock_near(const void*) noexcept { missing(); }
bool known_spin_lock_is_taken() noexcept { missing(); }
void forget_spin_locks() noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os

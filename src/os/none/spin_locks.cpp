// SPDX-License-Identifier: Apache-2.0
#include "os/spin_locks.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

bool is_in_spin_lock(const void*) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os

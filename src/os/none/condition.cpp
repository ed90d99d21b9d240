// SPDX-License-Identifier: Apache-2.0
#include "os/condition.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

void find_condition_layout() noexcept { missing(); }
void leave_condition(condition_place&, const void*, const void*) noexcept { missing(); }
bool return_to_condition(condition_place&, void*) noexcept { missing(); }
bool is_notifying(const void*) noexcept { missing(); }
void leave_condition_for_good(condition_place&) noexcept { missing(); }
void wake_others(const void*) noexcept { missing(); }
void set_broadcast(int (*)(pthread_cond_t*)) noexcept { missing(); }
long waiters_of(const void*) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os

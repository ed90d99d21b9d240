// SPDX-License-Identifier: Apache-2.0
#include "os/end_timer.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

bool call_when_late(steady_time, void (*)(bool)) noexcept { missing(); }
void on_own_sleep(void (*)()) noexcept { missing(); }
void stop_own_sleep_timer() noexcept { missing(); }
bool act_if_timer(const void*, const void*) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os

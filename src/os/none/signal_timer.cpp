// SPDX-License-Identifier: Apache-2.0
#include "os/signal_timer.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

int make_signal_timer(pid_t, const void*) noexcept { missing(); }
bool set_signal_timer(int, int, const itimerspec&) noexcept { missing(); }
void delete_signal_timer(int) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os

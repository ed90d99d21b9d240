// SPDX-License-Identifier: Apache-2.0
#include "os/signal_stacks.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

void note_signal_stack(const void*, std::size_t) noexcept { missing(); }
void note_own_signal_stack() noexcept { missing(); }
void forget_signal_stack(pid_t) noexcept { missing(); }
void find_gone_signal_stacks() noexcept { missing(); }
bool signal_stack_is_gone(pid_t) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os

// SPDX-License-Identifier: Apache-2.0
#include "os/call_restart.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

void note_call(pid_t, call_note&) noexcept { missing(); }
broken_call interrupted_call(const void*, const call_note*) noexcept { missing(); }
long interrupted_call_number(const void*, const call_note*) noexcept { missing(); }
void begin_call_again(void*, call_note*) { missing(); }
bool read_restarted_call(pid_t, task_call&, std::chrono::nanoseconds&) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os

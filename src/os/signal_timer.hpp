// SPDX-License-Identifier: Apache-2.0
// Timers of the kernel that send the freeze signal to one thread. These make the system calls themselves, because the C
// library's timer_create keeps a list under a lock. All are async-signal-safe.
#pragma once

#include <signal.h>
#include <sys/types.h>
#include <time.h>

namespace curfew::inline v1::detail::os {

constexpr int no_timer = -1;

/// Its signals bring `value`. `no_timer` when there is none available, or `tid` is no thread of this process.
int make_signal_timer(pid_t tid, const void* value) noexcept;
/// Like timer_settime. Returns false if there is no such timer.
bool set_signal_timer(int timer, int flags, const itimerspec& when) noexcept;
void delete_signal_timer(int timer) noexcept;

}  // namespace curfew::inline v1::detail::os

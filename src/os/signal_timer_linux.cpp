// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/kernel_call.hpp"
#include "os/signal_linux.hpp"
#include "os/signal_timer.hpp"

#include <linux/time_types.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

namespace curfew::inline v1::detail::os {

int make_signal_timer(pid_t tid, const void* value) noexcept {
  sigevent event;
  std::memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = freeze_signal_for(tid);
  event.sigev_value.sival_ptr = const_cast<void*>(value);
  event._sigev_un._tid = tid;
  int made = no_timer;
  return kernel_call(SYS_timer_create, CLOCK_MONOTONIC, &event, &made) == 0 ? made : no_timer;
}

bool set_signal_timer(int timer, int flags, const itimerspec& when) noexcept {
  return kernel_call(SYS_timer_settime, timer, flags, &when, nullptr) == 0;
}

void delete_signal_timer(int timer) noexcept { kernel_call(SYS_timer_delete, timer); }

}  // namespace curfew::inline v1::detail::os

#endif

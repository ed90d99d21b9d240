// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/blocked_signals.hpp"
#include "os/errno_keeper.hpp"
#include "os/freeze.hpp"
#include "os/kernel_call.hpp"
#include "os/signal_linux.hpp"
#include "os/tasks.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace curfew::inline v1::detail::os {
namespace {

constexpr std::size_t kernel_set_size = 64 / 8;

constexpr unsigned long bit(int number) noexcept { return 1UL << (number - 1); }

/// Those of the C library (32 and 33) are its own affair.
unsigned long signals_of_program() noexcept {
  unsigned long all = ~(bit(SIGSEGV) | bit(SIGBUS) | bit(SIGILL) | bit(SIGFPE) | bit(SIGTRAP) | bit(SIGABRT) |
                        bit(SIGSYS) | bit(32) | bit(33));
  for (int number = SIGRTMIN; number <= SIGRTMAX; ++number)
    if (is_freeze_signal(number)) all &= ~bit(number);
  return all;
}

}  // namespace

void blocked_signals::block() noexcept {
  const errno_keeper keep;
  blocked_ = true;
  const unsigned long all = signals_of_program();
  kernel_call(SYS_rt_sigprocmask, SIG_BLOCK, &all, &before_, kernel_set_size);
}

blocked_signals::~blocked_signals() {
  if (!blocked_) return;
  const errno_keeper keep;
  kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &before_, nullptr, kernel_set_size);
}

/// Those that were sent to this thread alone, and that the program handles.
unsigned long blocked_signals::asking() const noexcept {
  const errno_keeper keep;
  unsigned long pending = 0;
  if (kernel_call(SYS_rt_sigpending, &pending, kernel_set_size) != 0) return 0;
  pending &= ~before_;
  if (pending == 0) return 0;
  pending &= signals_pending_for(::gettid());  // not what came for the whole process
  for (int number = 1; number <= 64; ++number)
    if ((pending & bit(number)) != 0 && !is_handled_by_program(number)) pending &= ~bit(number);
  return pending;
}

bool blocked_signals::is_asked() const noexcept { return asking() != 0; }

void blocked_signals::drop() noexcept {
  const errno_keeper keep;
  constexpr timespec no_wait{};
  while (const unsigned long signals = asking())
    if (kernel_call(SYS_rt_sigtimedwait, &signals, nullptr, &no_wait, kernel_set_size) < 0) return;
}

bool blocked_signals::answer() noexcept {
  const errno_keeper keep;
  const auto sleeps = [] {
    rusage used{};
    ::getrusage(RUSAGE_THREAD, &used);
    return used.ru_nvcsw;
  };
  const long before = sleeps();
  kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &before_, nullptr, kernel_set_size);
  block();
  return sleeps() != before;
}

}  // namespace curfew::inline v1::detail::os

#endif

// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/errno_keeper.hpp"
#include "os/kernel_call.hpp"
#include "os/signal_linux.hpp"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace curfew::inline v1::detail::os {
namespace {

constexpr int hidden_signal = 33;                // SIGSETXID in glibc's nptl/internaltypes
constexpr std::size_t kernel_set_size = 64 / 8;  // what the kernel calls a signal set on 64-bit machines

/// The kernel's own layout, for the calls that glibc refuses to make for signals 32 and 33.
struct kernel_action {
  signal_handler handler;
  unsigned long flags;
  void (*restorer)();
  unsigned long mask;
};

std::atomic<int> chosen{0};
kernel_action passed_on{};  // written before `chosen`, read by the handler after it

bool kernel_sigaction(int number, const kernel_action* now, kernel_action* before) noexcept {
  return kernel_call(SYS_rt_sigaction, number, now, before, kernel_set_size) == 0;
}

/// Does the C library leave the hidden signal open when it is told to block everything?
bool cannot_be_blocked(int number) noexcept {
  sigset_t all, before;
  std::memset(&all, 0xff, sizeof all);
  if (::pthread_sigmask(SIG_BLOCK, &all, &before) != 0) return false;
  unsigned long mask = ~0UL;
  kernel_call(SYS_rt_sigprocmask, SIG_BLOCK, nullptr, &mask, kernel_set_size);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return (mask & (1UL << (number - 1))) == 0;
}

bool install_hidden(signal_handler handler) noexcept {
  kernel_action before{};
  if (CURFEW_TSAN || !kernel_sigaction(hidden_signal, nullptr, &before)) return false;
  // glibc installs its handler with the first thread. Its restorer is what a handler returns through.
  if (before.handler == nullptr || reinterpret_cast<std::intptr_t>(before.handler) == 1) return false;
  if ((before.flags & SA_SIGINFO) == 0 || !cannot_be_blocked(hidden_signal)) return false;
  kernel_action now = before;
  now.handler = handler;
  now.flags |= SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  now.mask = ~0UL;
  passed_on = before;
  chosen.store(hidden_signal);
  return kernel_sigaction(hidden_signal, &now, nullptr);
}

bool install_real_time(signal_handler handler) noexcept {
  for (int number = SIGRTMAX - 1; number >= SIGRTMIN; --number) {
    struct sigaction before {};
    if (::sigaction(number, nullptr, &before) != 0 || (before.sa_flags & SA_SIGINFO) != 0 ||
        before.sa_handler != SIG_DFL)
      continue;
    struct sigaction now {};
    now.sa_sigaction = handler;
    now.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    sigfillset(&now.sa_mask);
    chosen.store(number);
    if (::sigaction(number, &now, nullptr) == 0) return true;
  }
  chosen.store(0);
  return false;
}

}  // namespace

bool install_freeze_signal(signal_handler handler) noexcept {
  static std::atomic<int> state{0};  // 0 untried, 1 installed, 2 impossible
  if (state.load() == 0) state.store(install_hidden(handler) || install_real_time(handler) ? 1 : 2);
  return state.load() == 1;
}

delivery send_freeze_signal(pid_t tid, const void* value) noexcept {
  const errno_keeper keep;
  siginfo_t info;
  std::memset(&info, 0, sizeof info);
  info.si_signo = chosen.load(std::memory_order_relaxed);
  info.si_code = SI_QUEUE;
  info.si_pid = ::getpid();
  info.si_uid = ::getuid();
  info.si_value.sival_ptr = const_cast<void*>(value);
  const long result = kernel_call(SYS_rt_tgsigqueueinfo, ::getpid(), tid, info.si_signo, &info);
  if (result == 0) return delivery::sent;
  return result == -ESRCH ? delivery::no_such_thread : delivery::not_sent;
}

bool thread_exists(pid_t tid) noexcept {
  const errno_keeper keep;
  return kernel_call(SYS_tgkill, ::getpid(), tid, 0) != -ESRCH;
}

int freeze_signal() noexcept { return chosen.load(); }

void open_signals(unsigned long set) noexcept {
  kernel_call(SYS_rt_sigprocmask, SIG_UNBLOCK, &set, nullptr, kernel_set_size);
}

void open_freeze_signal() noexcept { open_signals(1UL << (chosen.load() - 1)); }

bool is_handled_by_program(int number) noexcept {
  kernel_action set{};
  if (number == chosen.load() || !kernel_sigaction(number, nullptr, &set)) return false;
  const auto handler = reinterpret_cast<std::intptr_t>(set.handler);
  return handler != reinterpret_cast<std::intptr_t>(SIG_DFL) && handler != reinterpret_cast<std::intptr_t>(SIG_IGN);
}

const void* freeze_signal_value(const siginfo_t* info) noexcept {
  const bool ours = (info->si_code == SI_QUEUE && info->si_pid == ::getpid()) || info->si_code == SI_TIMER;
  return ours ? info->si_value.sival_ptr : nullptr;
}

void pass_signal_on(int number, siginfo_t* info, void* context) noexcept {
  if (number == hidden_signal && passed_on.handler != nullptr) passed_on.handler(number, info, context);
}

all_signals_masked::all_signals_masked() noexcept {
  const unsigned long all = ~0UL;
  kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &all, &saved_, kernel_set_size);
}

all_signals_masked::~all_signals_masked() {
  kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &saved_, nullptr, kernel_set_size);
}

}  // namespace curfew::inline v1::detail::os

#endif

// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/errno_keeper.hpp"
#include "os/freeze.hpp"
#include "os/kernel_call.hpp"
#include "os/signal_linux.hpp"
#include "os/signal_stacks.hpp"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace curfew::inline v1::detail::os {
namespace {

constexpr int hidden_signal = 33;                // SIGSETXID in glibc's nptl/internaltypes
constexpr int other_hidden_signal = 32;          // SIGCANCEL
constexpr std::size_t kernel_set_size = 64 / 8;  // what the kernel calls a signal set on 64-bit machines

/// The kernel's own layout, for the calls that glibc refuses to make for signals 32 and 33.
struct kernel_action {
  signal_handler handler;
  unsigned long flags;
  void (*restorer)();
  unsigned long mask;
};

std::atomic<int> chosen{0};
std::atomic<int> chosen_for_own_stack{0};
// Written before the signal is installed, read by the handler after it.
kernel_action passed_on{};
kernel_action other_passed_on{};

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
  now.mask = all_but_faults;
  passed_on = before;
  chosen.store(hidden_signal);
  return kernel_sigaction(hidden_signal, &now, nullptr);
}

bool install_real_time(std::atomic<int>& as, signal_handler handler, int flags) noexcept {
  for (int number = SIGRTMAX - 1; number >= SIGRTMIN; --number) {
    struct sigaction before {};
    if (::sigaction(number, nullptr, &before) != 0 || (before.sa_flags & SA_SIGINFO) != 0 ||
        before.sa_handler != SIG_DFL)
      continue;
    struct sigaction now {};
    now.sa_sigaction = handler;
    now.sa_flags = SA_SIGINFO | SA_RESTART | flags;
    sigemptyset(&now.sa_mask);
    for (int other = 1; other < NSIG; ++other)
      if ((all_but_faults >> (other - 1) & 1) != 0) sigaddset(&now.sa_mask, other);
    as.store(number);
    if (::sigaction(number, &now, nullptr) == 0) return true;
  }
  as.store(0);
  return false;
}

/// The second signal is the first one's action on the thread's own stack. Installed when it is needed, and again where
/// the C library has taken it back meanwhile: it installs its own handler at the first pthread_cancel.
int signal_for_own_stack() noexcept {
  const int first = chosen.load();
  kernel_action now{}, there{};
  if (first == 0 || !kernel_sigaction(first, nullptr, &now)) return first;
  now.flags &= ~static_cast<unsigned long>(SA_ONSTACK);
  if (first != hidden_signal) {
    if (chosen_for_own_stack.load() == 0) install_real_time(chosen_for_own_stack, now.handler, 0);
    return chosen_for_own_stack.load() != 0 ? chosen_for_own_stack.load() : first;
  }
  if (!kernel_sigaction(other_hidden_signal, nullptr, &there)) return first;
  if (there.handler == now.handler) return other_hidden_signal;
  if (!cannot_be_blocked(other_hidden_signal)) return first;
  other_passed_on = there;
  chosen_for_own_stack.store(other_hidden_signal);
  return kernel_sigaction(other_hidden_signal, &now, nullptr) ? other_hidden_signal : first;
}

unsigned long freeze_signals() noexcept {
  unsigned long set = 0;
  for (const int number : {chosen.load(), chosen_for_own_stack.load()})
    if (number != 0) set |= 1UL << (number - 1);
  return set;
}

}  // namespace

bool install_freeze_signal(signal_handler handler) noexcept {
  static std::atomic<int> state{0};  // 0 untried, 1 installed, 2 impossible
  if (state.load() == 0) state.store(install_hidden(handler) || install_real_time(chosen, handler, SA_ONSTACK) ? 1 : 2);
  return state.load() == 1;
}

delivery send_freeze_signal(pid_t tid, const void* value) noexcept {
  const errno_keeper keep;
  siginfo_t info;
  std::memset(&info, 0, sizeof info);
  info.si_signo = freeze_signal_for(tid);
  info.si_code = SI_QUEUE;
  info.si_pid = ::getpid();
  info.si_uid = ::getuid();
  info.si_value.sival_ptr = const_cast<void*>(value);
  const long result = kernel_call(SYS_rt_tgsigqueueinfo, ::getpid(), tid, info.si_signo, &info);
  if (result == 0) return delivery::sent;
  return result == -ESRCH ? delivery::no_such_thread : delivery::not_sent;
}

int freeze_signal_for(pid_t tid) noexcept { return signal_stack_is_gone(tid) ? signal_for_own_stack() : chosen.load(); }

bool is_freeze_signal(int number) noexcept { return (freeze_signals() >> (number - 1) & 1) != 0; }

void open_signals(unsigned long set) noexcept {
  kernel_call(SYS_rt_sigprocmask, SIG_UNBLOCK, &set, nullptr, kernel_set_size);
}

void open_freeze_signal() noexcept { open_signals(freeze_signals()); }

bool is_handled_by_program(int number) noexcept {
  kernel_action set{};
  if (is_freeze_signal(number) || !kernel_sigaction(number, nullptr, &set)) return false;
  const auto handler = reinterpret_cast<std::intptr_t>(set.handler);
  return handler != reinterpret_cast<std::intptr_t>(SIG_DFL) && handler != reinterpret_cast<std::intptr_t>(SIG_IGN);
}

#if defined(__GLIBC__)
bool is_from_setuid(int number) noexcept { return number == hidden_signal; }
bool is_for_cancelling(int number) noexcept { return number == other_hidden_signal; }
void open_signal_of_setuid() noexcept { open_signals(1UL << (hidden_signal - 1)); }
#else
bool is_from_setuid(int) noexcept { return false; }
bool is_for_cancelling(int number) noexcept { return number < SIGRTMIN && number > 31; }
void open_signal_of_setuid() noexcept {}
#endif

const void* freeze_signal_value(const siginfo_t* info) noexcept {
  const bool ours = (info->si_code == SI_QUEUE && info->si_pid == ::getpid()) || info->si_code == SI_TIMER;
  return ours ? info->si_value.sival_ptr : nullptr;
}

void pass_signal_on(int number, siginfo_t* info, void* context) noexcept {
  const errno_keeper keep;
  const auto& to = number == other_hidden_signal ? other_passed_on : passed_on;
  if (number != hidden_signal && number != other_hidden_signal) return;
  if (reinterpret_cast<std::uintptr_t>(to.handler) > 1) to.handler(number, info, context);  // not SIG_DFL, SIG_IGN
}

bool a_handler_is_due(unsigned long mask, for_calls which) noexcept {
  const errno_keeper keep;
  unsigned long pending = 0;
  if (kernel_call(SYS_rt_sigpending, &pending, kernel_set_size) != 0) return false;
  pending &= ~mask & ~freeze_signals();
  for (int number = 1; pending != 0; ++number, pending >>= 1) {
    kernel_action action{};
    if ((pending & 1) == 0 || !kernel_sigaction(number, nullptr, &action)) continue;
    if (reinterpret_cast<std::uintptr_t>(action.handler) <= 1) continue;  // SIG_DFL, SIG_IGN
    if (which == for_calls::any || (action.flags & SA_RESTART) == 0) return true;
  }
  return false;
}

all_signals_masked::all_signals_masked() noexcept {
  kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &all_but_faults, &saved_, kernel_set_size);
}

all_signals_masked::~all_signals_masked() {
  kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &saved_, nullptr, kernel_set_size);
}

}  // namespace curfew::inline v1::detail::os

#endif

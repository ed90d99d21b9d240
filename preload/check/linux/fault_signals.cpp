// SPDX-License-Identifier: Apache-2.0
#include "check/linux/fault_signals.hpp"

#include "check/linux/kernel.hpp"

namespace curfew::check {
namespace {

constexpr int never_blocked[] = {SIGSEGV, SIGTRAP, SIGBUS};

}  // namespace

bool without_fault_signals(const sigset_t& from, sigset_t& to) noexcept {
  to = from;
  bool changed = false;
  for (const int signal : never_blocked) {
    if (sigismember(&from, signal) != 1) continue;
    sigdelset(&to, signal);
    changed = true;
  }
  return changed;
}

std::uint64_t fault_signal_set() noexcept {
  std::uint64_t set = 0;
  for (const int signal : never_blocked) set |= std::uint64_t{1} << (signal - 1);
  return set;
}

void unblock_fault_signals() noexcept {
  const std::uint64_t set = fault_signal_set();
  kernel_call(SYS_rt_sigprocmask, SIG_UNBLOCK, &set, nullptr, sizeof set);
}

}  // namespace curfew::check

// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/awaited_mutex.hpp"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include <cstddef>

namespace curfew::inline v1::detail::os {

#if defined(__GLIBC__) && CURFEW_CPU_X86_64

// The lock itself comes first in a mutex, and is 2 while somebody waits for it. What sleeps there was given its address
// by its caller, so it can be read.
pid_t owner_of_awaited_mutex(const void* ucontext, long call) noexcept {
  static_assert(offsetof(pthread_mutex_t, __data.__lock) == 0);
  constexpr std::uint64_t awaited = 2;
  const auto& registers = static_cast<const ucontext_t*>(ucontext)->uc_mcontext.gregs;
  if ((call >= 0 ? call : static_cast<long>(registers[REG_RAX])) != SYS_futex) return 0;
  const auto command = static_cast<std::uint64_t>(registers[REG_RSI]) & FUTEX_CMD_MASK;
  if (command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET) return 0;
  if ((static_cast<std::uint64_t>(registers[REG_RDX]) & 0xffffffff) != awaited) return 0;
  const auto* const mutex = reinterpret_cast<const pthread_mutex_t*>(registers[REG_RDI]);
  return __atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED);
}

#else

pid_t owner_of_awaited_mutex(const void*, long) noexcept { return 0; }

#endif

}  // namespace curfew::inline v1::detail::os

#endif

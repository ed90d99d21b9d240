// SPDX-License-Identifier: Apache-2.0
// The kernel itself. Any function of the C library may be replaced: a preloaded library (libfaketime, uid_wrapper,
// tracers) puts its own in front, even of syscall(). The calls by which the exit protocol sleeps, reads the time and
// sends signals go past all of them.
#pragma once

#include "os/platform.hpp"

#include <cerrno>
#include <type_traits>

#if !CURFEW_CPU_X86_64 && !CURFEW_CPU_AARCH64
#include <unistd.h>
#endif

namespace curfew::inline v1::detail::os {

template <class T>
[[gnu::always_inline]] inline long as_register(T value) noexcept {
  if constexpr (std::is_pointer_v<T>)
    return reinterpret_cast<long>(value);
  else if constexpr (std::is_null_pointer_v<T>)
    return 0;
  else
    return static_cast<long>(value);
}

/// Returns what the kernel says: an error is a small negative number, and errno is left alone. Async-signal-safe.
[[gnu::always_inline]] inline long kernel_call_of_longs(long number, long a, long b, long c, long d, long e,
                                                        long f) noexcept {
#if CURFEW_CPU_X86_64
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
#elif CURFEW_CPU_AARCH64
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
#else
  const int before = errno;
  const long result = ::syscall(number, a, b, c, d, e, f);
  const int error = errno;
  errno = before;
  return result == -1 ? -error : result;
#endif
}

template <class A = long, class B = long, class C = long, class D = long, class E = long, class F = long>
[[gnu::always_inline]] inline long kernel_call(long number, A a = {}, B b = {}, C c = {}, D d = {}, E e = {},
                                               F f = {}) noexcept {
  return kernel_call_of_longs(number, as_register(a), as_register(b), as_register(c), as_register(d), as_register(e),
                              as_register(f));
}

}  // namespace curfew::inline v1::detail::os

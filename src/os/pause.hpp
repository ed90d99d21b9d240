// SPDX-License-Identifier: Apache-2.0
// What a loop that polls a word of memory does between two looks.
#pragma once

#include "os/platform.hpp"

namespace curfew::inline v1::detail::os {

inline void pause() noexcept {
#if CURFEW_CPU_X86_64
  __builtin_ia32_pause();
#elif CURFEW_CPU_AARCH64
  asm volatile("yield" ::: "memory");
#else
  asm volatile("" ::: "memory");
#endif
}

}  // namespace curfew::inline v1::detail::os

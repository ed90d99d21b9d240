// SPDX-License-Identifier: Apache-2.0
// A thread that stops behind each of its instructions, in a handler of SIGTRAP.
#pragma once

#if defined(__x86_64__) && defined(__linux__)
#define CURFEW_TEST_CAN_STEP 1

#include <csignal>

#include <ucontext.h>

namespace curfew_test {

/// The calling thread is stepped from here on.
[[gnu::always_inline]] inline void begin_stepping() {
  asm volatile(  // below the red zone
      "lea -128(%%rsp), %%rsp; pushfq; orq $0x100, (%%rsp); popfq; lea 128(%%rsp), %%rsp" ::
          : "memory", "cc");
}

/// In the handler: the thread goes on freely.
inline void end_stepping(void* context) {
  constexpr greg_t trap_flag = 0x100;
  static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_EFL] &= ~trap_flag;
}

}  // namespace curfew_test

#else
#define CURFEW_TEST_CAN_STEP 0
#endif

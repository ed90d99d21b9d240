// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/kernel_call.hpp"
#include "os/restart_syscall_linux.hpp"
#include "os/signal_linux.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>

namespace curfew::inline v1::detail::os {
namespace {

constexpr long kernel_set_size = 8;

}  // namespace
}  // namespace curfew::inline v1::detail::os

#if CURFEW_CPU_X86_64

static_assert(SYS_rt_sigprocmask == 14 && SYS_restart_syscall == 219 && SIG_SETMASK == 2);
static_assert(REG_R12 == 4 && REG_R15 == 7 && REG_RBP == 10 && REG_RBX == 11 && REG_RSP == 15);

// From curfew_restart_again to curfew_restart_end the stack pointer is the same, and so are the registers that a
// function keeps for its caller: it can be begun again from a handler that has interrupted it.
asm(R"(
  .pushsection .text
  .globl curfew_restart_call, curfew_restart_again, curfew_restart_end, curfew_restart_resume
  .hidden curfew_restart_call, curfew_restart_again, curfew_restart_end, curfew_restart_resume
  .p2align 4
  .type curfew_restart_call, @function
curfew_restart_call:
  .cfi_startproc
  push %rbx
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %rbx, 0
  mov %rdi, %rbx
curfew_restart_again:
  mov $14, %eax
  mov $2, %edi
  mov %rbx, %rsi
  xor %edx, %edx
  mov $8, %r10d
  syscall
  mov $219, %eax
  syscall
curfew_restart_end:
  pop %rbx
  .cfi_adjust_cfa_offset -8
  .cfi_restore %rbx
  ret
  .cfi_endproc
  .size curfew_restart_call, . - curfew_restart_call
  .type curfew_restart_resume, @function
curfew_restart_resume:
  mov 32(%rdi), %r12
  mov 40(%rdi), %r13
  mov 48(%rdi), %r14
  mov 56(%rdi), %r15
  mov 80(%rdi), %rbp
  mov 88(%rdi), %rbx
  mov 120(%rdi), %rsp
  jmp curfew_restart_again
  .size curfew_restart_resume, . - curfew_restart_resume
  .popsection
)");

extern "C" {
long curfew_restart_call(const unsigned long* mask);
[[noreturn]] void curfew_restart_resume(const greg_t* registers) noexcept;
[[gnu::visibility("hidden")]] extern const char curfew_restart_again[];
[[gnu::visibility("hidden")]] extern const char curfew_restart_end[];
}

namespace curfew::inline v1::detail::os {

long restart_call(unsigned long mask) {
  const long result = curfew_restart_call(&mask);
  kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &all_but_faults, nullptr, kernel_set_size);
  return result;
}

bool interrupts_restart_call(const void* ucontext) noexcept {
  const auto& registers = static_cast<const ucontext_t*>(ucontext)->uc_mcontext.gregs;
  const auto at = static_cast<std::uintptr_t>(registers[REG_RIP]);
  const auto again = reinterpret_cast<std::uintptr_t>(curfew_restart_again);
  const auto end = reinterpret_cast<std::uintptr_t>(curfew_restart_end);
  return (at >= again && at < end) || (at == end && registers[REG_RAX] == -EINTR);
}

void resume_restart_call(const void* ucontext) noexcept {
  curfew_restart_resume(static_cast<const ucontext_t*>(ucontext)->uc_mcontext.gregs);
}

}  // namespace curfew::inline v1::detail::os

#else

namespace curfew::inline v1::detail::os {

// Interrupted once more it is gone on with inside of that handler, and so on.
long restart_call(unsigned long mask) {
  kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, nullptr, kernel_set_size);
  const long result = kernel_call(SYS_restart_syscall);
  kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &all_but_faults, nullptr, kernel_set_size);
  return result;
}

bool interrupts_restart_call(const void*) noexcept { return false; }
void resume_restart_call(const void*) noexcept { std::abort(); }

}  // namespace curfew::inline v1::detail::os

#endif
#endif

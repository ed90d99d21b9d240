// SPDX-License-Identifier: Apache-2.0
// Whether the process has shut itself in with seccomp, or was started so. To ask the kernel at the exit could be the
// system call that kills it: it is asked at the start, by calls that the loader makes too, and from then on what the
// program does about it is noted.
#include "run/seccomp_state.hpp"

#include "lock_tracking/next.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>
#include <string_view>

using curfew::detail::next_function;

extern "C" {
// Of seccomp_state; plain, for the assembler below. A thread that shuts itself in is the only one, or shuts in all: no
// order is needed.
[[gnu::visibility("hidden")]] unsigned char curfew_seccomp_state = 0;
[[gnu::visibility("hidden")]] void* curfew_next_syscall = nullptr;
}

namespace curfew::preload {
namespace {

constinit next_function<int(int, unsigned long, unsigned long, unsigned long, unsigned long)> next_prctl("prctl");
constinit next_function<long(long, long, long, long, long, long, long)> next_syscall("syscall");

bool was_started_free() noexcept {
  const int file = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char text[4096];
  const ssize_t size = ::read(file, text, sizeof text);
  ::close(file);
  return size > 0 &&
         std::string_view(text, static_cast<std::size_t>(size)).find("\nSeccomp:\t0\n") != std::string_view::npos;
}

[[gnu::constructor(101)]] void look() {
  next_prctl.get();
  curfew_next_syscall = reinterpret_cast<void*>(next_syscall.get());
  if (!was_started_free()) curfew_seccomp_state = static_cast<unsigned char>(detail::seccomp_state::perhaps);
}

}  // namespace

detail::seccomp_state get_seccomp_state() noexcept {
  const auto how = static_cast<detail::seccomp_state>(*static_cast<volatile unsigned char*>(&curfew_seccomp_state));
#if !defined(__x86_64__)
  if (how == detail::seccomp_state::no) return detail::seccomp_state::perhaps;  // nobody stands before `syscall`
#endif
  return how;
}

}  // namespace curfew::preload

extern "C" {

CURFEW_TRACKED int prctl(int what, ...) noexcept {
  va_list given;
  va_start(given, what);
  const auto a = va_arg(given, unsigned long), b = va_arg(given, unsigned long), c = va_arg(given, unsigned long),
             d = va_arg(given, unsigned long);
  va_end(given);
  if (what == PR_SET_SECCOMP)
    curfew_seccomp_state = static_cast<unsigned char>(curfew::detail::seccomp_state::by_itself);
  return curfew::preload::next_prctl.get()(what, a, b, c, d);
}

#if defined(__x86_64__)
/// A call before this library's constructor.
[[gnu::visibility("hidden"), gnu::used]] long curfew_early_syscall(long number, long a, long b, long c, long d, long e,
                                                                   long f) noexcept {
  return curfew::preload::next_syscall.get()(number, a, b, c, d, e, f);
}

// Goes on to the C library's without a frame of its own: it may come back twice, on another stack (clone).
asm(R"(
    .text
    .globl syscall
    .type syscall, @function
syscall:
    .cfi_startproc
    endbr64
    cmp $317, %rdi          # seccomp
    je 1f
    cmp $157, %rdi          # prctl
    jne 2f
    cmp $22, %esi           # PR_SET_SECCOMP
    jne 2f
1:  movb $1, curfew_seccomp_state(%rip)
2:  mov curfew_next_syscall(%rip), %rax
    test %rax, %rax
    je curfew_early_syscall
    jmp *%rax
    .cfi_endproc
    .size syscall, . - syscall
)");
static_assert(static_cast<int>(curfew::detail::seccomp_state::by_itself) == 1 && SYS_seccomp == 317 &&
              SYS_prctl == 157 && PR_SET_SECCOMP == 22);
#endif

}  // extern "C"

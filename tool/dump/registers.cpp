// SPDX-License-Identifier: Apache-2.0
#include "dump/registers.hpp"

#include <elf.h>
#include <linux/futex.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <time.h>

#include <cerrno>
#include <cstring>
#include <iterator>

namespace curfew::tool::dump {
namespace {

// Of the kernel alone: they never reach a program, but a tracer sees them.
[[maybe_unused]] constexpr long restart_sys = -512, restart_no_intr = -513, restart_no_hand = -514,
                                restart_block = -516;

[[maybe_unused]] bool is_interrupted(long result) {
  return result == -EINTR || result == restart_sys || result == restart_no_intr || result == restart_no_hand ||
         result == restart_block;
}

/// Does it end with EINTR for a stop, and has no limit of time that a second beginning would lengthen?
[[maybe_unused]] bool is_broken_without_limit(const system_call& call) {
  switch (call.number) {
#if defined(SYS_epoll_wait)
    case SYS_epoll_wait:
#endif
    case SYS_epoll_pwait:
      return static_cast<int>(call.arguments[3]) < 0;
#if defined(SYS_epoll_pwait2)
    case SYS_epoll_pwait2:
#endif
    case SYS_semtimedop:
      return call.arguments[3] == 0;
    case SYS_semop:
      return true;
    case SYS_io_getevents:
      return call.arguments[4] == 0;
    case SYS_rt_sigtimedwait:
      return call.arguments[2] == 0;
    default:
      return false;
  }
}

/// Is it a call that the kernel goes on with by restart_syscall, and can it have these arguments?
[[maybe_unused]] bool can_go_on(std::uint64_t number, const std::array<std::uint64_t, 6>& a) {
  [[maybe_unused]] constexpr std::uint64_t pages = 4096, clocks = 16, most_descriptors = 1 << 20;
  switch (number) {
#if defined(SYS_poll)
    case SYS_poll:
      return (a[0] >= pages || a[1] == 0) && a[1] < most_descriptors;
#endif
    case SYS_nanosleep:
      return a[0] >= pages;
    case SYS_clock_nanosleep:
      return a[0] < clocks && (a[1] & TIMER_ABSTIME) == 0 && a[2] >= pages;
    case SYS_futex: {
      const auto what = a[1] & FUTEX_CMD_MASK;
      return a[0] >= pages && a[3] >= pages && (what == FUTEX_WAIT || what == FUTEX_WAIT_BITSET);
    }
    default:
      return false;
  }
}

}  // namespace

long number_among(const std::array<std::uint64_t, 8>& words, const system_call& gone_on_with) {
  long number = -1;
  for (const std::uint64_t word : words) {
    if (!can_go_on(word, gone_on_with.arguments)) continue;
    const auto here = static_cast<long>(word);
    if (number >= 0 && number != here) return -1;
    number = here;
  }
  return number;
}

#if defined(__x86_64__)

const bool processor_is_known = true;

bool read_registers(pid_t tid, registers& to, bool& is_32_bit) {
  user_regs_struct r{};
  iovec into{&r, sizeof r};
  if (::ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &into) != 0) return false;
  is_32_bit = into.iov_len != sizeof r;
  if (is_32_bit) return false;
  to.by_dwarf = {r.rax, r.rdx, r.rcx, r.rbx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8,
                 r.r9,  r.r10, r.r11, r.r12, r.r13, r.r14, r.r15, r.rip};
  to.code = r.rip;
  to.stack = r.rsp;
  to.thread = r.fs_base;
  if (const auto number = static_cast<long>(r.orig_rax); number >= 0 && is_interrupted(static_cast<long>(r.rax))) {
    to.call = {number, {r.rdi, r.rsi, r.rdx, r.r10, r.r8, r.r9}};
    to.call_begins_again = number == SYS_restart_syscall;
  }
  return true;
}

void begin_call_again(pid_t tid, const registers& seen) {
  if (!is_broken_without_limit(seen.call)) return;
  user_regs_struct r{};
  iovec into{&r, sizeof r};
  if (::ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &into) != 0 || into.iov_len != sizeof r) return;
  if (static_cast<long>(r.rax) != -EINTR) return;
  r.rax = static_cast<unsigned long long>(restart_no_hand);
  ::ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &into);
}

long number_loaded_in(const unsigned char (&bytes)[64]) {
  // mov $number,%eax; some instructions, none of which may be a call; syscall.
  const unsigned char* const end = std::end(bytes);
  if (end[-2] != 0x0f || end[-1] != 0x05) return -1;
  for (const unsigned char* at = end - 7; at >= bytes; --at) {
    std::int32_t number;
    std::memcpy(&number, at + 1, sizeof number);
    constexpr std::int32_t most = 1024;
    if (*at == 0xb8 && number > 0 && number < most) return number;
  }
  return -1;
}

#elif defined(__aarch64__)

const bool processor_is_known = true;

bool read_registers(pid_t tid, registers& to, bool& is_32_bit) {
  user_regs_struct r{};
  iovec into{&r, sizeof r};
  if (::ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &into) != 0) return false;
  is_32_bit = into.iov_len != sizeof r;
  if (is_32_bit) return false;
  to.by_dwarf.assign(std::begin(r.regs), std::end(r.regs));
  to.by_dwarf.push_back(r.sp);
  to.code = r.pc;
  to.stack = r.sp;
  int number = -1;
  iovec call{&number, sizeof number};
  if (::ptrace(PTRACE_GETREGSET, tid, NT_ARM_SYSTEM_CALL, &call) == 0 && number >= 0) {
    // The kernel has put the first argument back, unless the call ends with EINTR.
    to.call = {number, {r.regs[0], r.regs[1], r.regs[2], r.regs[3], r.regs[4], r.regs[5]}};
    to.call_begins_again = number == SYS_restart_syscall;
  }
  return true;
}

void begin_call_again(pid_t, const registers&) {}  // its first argument is not known any more

long number_loaded_in(const unsigned char (&)[64]) { return -1; }

#else

const bool processor_is_known = false;
bool read_registers(pid_t, registers&, bool&) { return false; }
void begin_call_again(pid_t, const registers&) {}
long number_loaded_in(const unsigned char (&)[64]) { return -1; }

#endif

}  // namespace curfew::tool::dump

// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/interrupted.hpp"
#include "os/kernel_call.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>

namespace curfew::inline v1::detail::os {
namespace {

using predicate = bool (*)(long number, std::uint64_t operation) noexcept;

/// System calls that wait and that the kernel restarts behind a handler. write is not one of them: stdio calls it
/// with the stream locked and the buffer half written. `operation`: the call's second argument.
[[maybe_unused]] bool waits(long number, std::uint64_t operation) noexcept {
  static constexpr long calls[] = {
      SYS_read,      SYS_readv,   SYS_pread64,  SYS_preadv2, SYS_recvfrom,        SYS_recvmsg,      SYS_recvmmsg,
      SYS_accept,    SYS_accept4, SYS_wait4,    SYS_waitid,  SYS_connect,         SYS_flock,        SYS_openat,
      SYS_sendto,    SYS_sendmsg, SYS_sendmmsg, SYS_msgrcv,  SYS_mq_timedreceive, SYS_mq_timedsend, SYS_semop,
      SYS_getrandom, SYS_splice,  SYS_tee,      SYS_vmsplice};
  if (number == SYS_fcntl) return operation == F_SETLKW || operation == F_OFD_SETLKW;
  if (number == SYS_futex) {  // and not a wake, which an unlock makes when the lock is free and nobody knows it yet
    const auto command = operation & FUTEX_CMD_MASK;
    return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET || command == FUTEX_LOCK_PI;
  }
  return std::ranges::find(calls, number) != std::ranges::end(calls);
}

[[maybe_unused]] bool any_call(long, std::uint64_t) noexcept { return true; }

/// Not across the beginning of a page: what is before that need not be there.
[[maybe_unused]] bool is_before(const void* ucontext, const void* instruction, std::size_t size) noexcept {
  constexpr std::uintptr_t in_page = 4095;
  const auto* const at = static_cast<const unsigned char*>(interrupted_at(ucontext));
  return (reinterpret_cast<std::uintptr_t>(at) & in_page) >= size && std::memcmp(at - size, instruction, size) == 0;
}

#if CURFEW_CPU_X86_64

constexpr unsigned char system_call[] = {0x0f, 0x05};

bool asleep_in(predicate waits, const void* ucontext) noexcept {
  const auto& registers = static_cast<const ucontext_t*>(ucontext)->uc_mcontext.gregs;
  const auto* pc = reinterpret_cast<const unsigned char*>(registers[REG_RIP]);
  // Interrupted and not to be restarted: behind the instruction, with EINTR.
  if (registers[REG_RAX] == -EINTR && std::memcmp(pc - 2, system_call, 2) == 0) return true;
  // To be restarted: the kernel put the thread back before the instruction, with the call's number. A thread that has
  // not been in the kernel yet stands there too; the instruction leaves its return address in RCX.
  return std::memcmp(pc, system_call, 2) == 0 && registers[REG_RCX] == registers[REG_RIP] + 2 &&
         waits(static_cast<long>(registers[REG_RAX]), static_cast<std::uint64_t>(registers[REG_RSI]));
}

}  // namespace

const void* interrupted_at(const void* ucontext) noexcept {
  return reinterpret_cast<const void*>(static_cast<const ucontext_t*>(ucontext)->uc_mcontext.gregs[REG_RIP]);
}

#elif CURFEW_CPU_AARCH64

constexpr unsigned char system_call[] = {0x01, 0x00, 0x00, 0xd4};

bool asleep_in(predicate waits, const void* ucontext) noexcept {
  static constexpr std::uint32_t svc = 0xd4000001;
  const auto& context = static_cast<const ucontext_t*>(ucontext)->uc_mcontext;
  const auto instruction = [&](long offset) {
    std::uint32_t code;
    std::memcpy(&code, reinterpret_cast<const char*>(context.pc) + offset, sizeof code);
    return code;
  };
  if (static_cast<long>(context.regs[0]) == -EINTR && instruction(-4) == svc) return true;
  // To be restarted, or not yet begun: surely_asleep_in_system_call.
  return instruction(0) == svc && waits(static_cast<long>(context.regs[8]), context.regs[1]);
}

/// Where a thread was interrupted, and with which call's arguments.
struct place {
  std::uint64_t code = 0, stack = 0, call = 0, arguments[3] = {};
  bool operator==(const place&) const = default;
};
constinit thread_local place last [[gnu::tls_model("initial-exec")]];
constinit thread_local long last_sleeps [[gnu::tls_model("initial-exec")]] = 0;
constinit thread_local bool is_second_look [[gnu::tls_model("initial-exec")]] = false;

/// How often the calling thread has slept in the kernel; less than 0 where that is not told.
long sleeps() noexcept {
  rusage used{};
  return kernel_call(SYS_getrusage, RUSAGE_THREAD, &used) == 0 ? used.ru_nvcsw : -1;
}

}  // namespace

void note_interruption(const void* ucontext) noexcept {
  const auto& context = static_cast<const ucontext_t*>(ucontext)->uc_mcontext;
  const auto& r = context.regs;
  const place now{context.pc, context.sp, r[8], {r[0], r[1], r[2]}};
  const long slept = sleeps();
  // A signal that was due when the handler returned has met the thread before it executed anything.
  is_second_look = now == last && (slept != last_sleeps || slept < 0);
  last = now;
  last_sleeps = slept;
}

bool surely_asleep_in_system_call(const void* ucontext) noexcept {
  const auto& context = static_cast<const ucontext_t*>(ucontext)->uc_mcontext;
  // With the call's result in it, the thread has been there.
  return asleep_in(&waits, ucontext) && (is_second_look || static_cast<long>(context.regs[0]) == -EINTR);
}

const void* interrupted_at(const void* ucontext) noexcept {
  return reinterpret_cast<const void*>(static_cast<const ucontext_t*>(ucontext)->uc_mcontext.pc);
}

#else  // Unknown processor: never "inside the C library"; the probe of os/c_library.hpp alone has to find held locks.

bool asleep_in(predicate, const void*) noexcept { return true; }

}  // namespace

const void* interrupted_at(const void*) noexcept { return nullptr; }

#endif

#if CURFEW_CPU_X86_64 || CURFEW_CPU_AARCH64
bool behind_system_call(const void* ucontext) noexcept { return is_before(ucontext, system_call, sizeof system_call); }
#else
bool behind_system_call(const void*) noexcept { return false; }
#endif

#if !CURFEW_CPU_AARCH64
void note_interruption(const void*) noexcept {}
bool surely_asleep_in_system_call(const void* ucontext) noexcept { return asleep_in(&waits, ucontext); }
#endif

bool asleep_in_system_call(const void* ucontext) noexcept { return asleep_in(&waits, ucontext); }
bool asleep_in_any_system_call(const void* ucontext) noexcept { return asleep_in(&any_call, ucontext); }

#if CURFEW_CPU_X86_64

std::size_t read_registers(const void* ucontext, std::span<std::uint64_t> to) noexcept {
  constexpr int which[] = {REG_RIP, REG_RSP, REG_RBP, REG_RAX, REG_RBX, REG_RCX, REG_RDX, REG_RSI, REG_RDI,
                           REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  const auto& registers = static_cast<const ucontext_t*>(ucontext)->uc_mcontext.gregs;
  const std::size_t count = std::min(to.size(), std::size(which));
  for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<std::uint64_t>(registers[which[i]]);
  return count;
}

#elif CURFEW_CPU_AARCH64

std::size_t read_registers(const void* ucontext, std::span<std::uint64_t> to) noexcept {
  const auto& context = static_cast<const ucontext_t*>(ucontext)->uc_mcontext;
  std::size_t count = 0;
  for (const std::uint64_t value : {context.pc, context.sp})
    if (count < to.size()) to[count++] = value;
  for (const std::uint64_t value : context.regs)
    if (count < to.size()) to[count++] = value;
  return count;
}

#else

std::size_t read_registers(const void*, std::span<std::uint64_t>) noexcept { return 0; }

#endif

}  // namespace curfew::inline v1::detail::os

#endif

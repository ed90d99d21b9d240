// SPDX-License-Identifier: Apache-2.0
#include "check/facts/stack.hpp"

#include "check/linux/c_library.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/safe_read.hpp"
#include "check/linux/sleeping.hpp"

#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>

namespace curfew::check {
namespace {

struct unwinding {
  sigjmp_buf out;
  volatile sig_atomic_t active;
  const closable_pages* pages;
  const void* opened[4];
  volatile unsigned opened_count;
};
constinit thread_local unwinding mine [[gnu::tls_model("initial-exec")]]{};

struct walker {
  call_stack* to;
  std::uint64_t interrupted;      // 0: from here
  std::uint64_t* stack_pointers;  // null: nobody wants them
};

_Unwind_Reason_Code step(_Unwind_Context* context, void* argument) {
  auto& w = *static_cast<walker*>(argument);
  int before = 0;
  const std::uint64_t ip = _Unwind_GetIPInfo(context, &before);
  if (ip == 0) return _URC_END_OF_STACK;
  if (w.interrupted != 0) {
    if (ip != w.interrupted) return _URC_NO_REASON;  // still in the handler
    w.interrupted = 0;
    before = 1;
  }
  if (w.to->count == call_stack::capacity) return _URC_END_OF_STACK;
  if (before != 0 && w.to->count != 0 && w.to->interrupted == 0) w.to->interrupted = w.to->count;
  if (w.stack_pointers != nullptr) w.stack_pointers[w.to->count] = _Unwind_GetCFA(context);
  w.to->frames[w.to->count++] = before != 0 ? ip : ip - 1;
  return _URC_NO_REASON;
}

std::uint64_t pc_of([[maybe_unused]] const void* context) noexcept {
#if defined(__x86_64__)
  return static_cast<std::uint64_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return static_cast<const ucontext_t*>(context)->uc_mcontext.pc;
#else
  return 0;
#endif
}

// The request to another thread: whom, and the answer.
struct request {
  std::atomic<pid_t> tid{0};
  std::atomic<int> state{0};  // 1 asked, 2 being written, 3 done
  call_stack answer{};
  std::uint64_t registers[max_registers]{};
  unsigned register_count = 0;
};
constinit request asked{};

unsigned copy_registers([[maybe_unused]] const void* context,
                        [[maybe_unused]] std::uint64_t (&to)[max_registers]) noexcept {
#if defined(__x86_64__)
  const auto& from = static_cast<const ucontext_t*>(context)->uc_mcontext.gregs;
  constexpr unsigned count = REG_RSP;  // the general ones stand before it
  for (unsigned i = 0; i < count; ++i) to[i] = static_cast<std::uint64_t>(from[i]);
  return count;
#elif defined(__aarch64__)
  const auto& from = static_cast<const ucontext_t*>(context)->uc_mcontext.regs;
  return static_cast<unsigned>(std::copy(std::begin(from), std::end(from), to) - to);
#else
  return 0;
#endif
}
constinit std::atomic<int> signal_number{0};

constinit std::atomic<void (*)(void*)> alarm_expired{nullptr};
constinit std::atomic<void (*)() noexcept> stays{nullptr};

/// Did the signal end a system call, which now fails for it? One that begins again is not seen by the program.
bool ended_a_call([[maybe_unused]] const void* context) noexcept {
#if defined(__x86_64__)
  unsigned char code[2] = {};
  return static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RAX] == -EINTR &&
         read_safely(pc_of(context) - sizeof code, code, sizeof code) && code[0] == 0x0f && code[1] == 0x05;
#elif defined(__aarch64__)
  std::uint32_t code = 0;
  return static_cast<std::int64_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.regs[0]) == -EINTR &&
         read_safely(pc_of(context) - sizeof code, &code, sizeof code) && code == 0xd4000001;
#else
  return false;
#endif
}

/// Would the thread find the signal as one that was sent to the program?
bool takes_signals_itself(pid_t tid, int signal) noexcept {
  if (sleeping in; asleep(tid, in) && in.call == SYS_rt_sigtimedwait) return true;
  return blocks_signal(tid, signal);
}

/// False when the thread keeps the signal from itself. One that was just let through a closed page is still in the
/// handler of that fault, with all signals blocked, until it has run a little.
bool wait_until_open(pid_t tid, int signal, unsigned timeout_ms) noexcept {
  for (unsigned i = 0; takes_signals_itself(tid, signal); ++i) {
    sleeping in;
    if (i == timeout_ms || asleep(tid, in)) return false;
    const timespec pause{0, 1'000'000};
    kernel_call(SYS_nanosleep, &pause, nullptr);
  }
  return true;
}

void answer(int, siginfo_t* info, void* context) {
  const int saved = errno;
  if (info->si_code == SI_TIMER) {
    if (auto* const expired = alarm_expired.exchange(nullptr)) expired(context);
    errno = saved;
    return;
  }
  int expected = 1;
  if (asked.tid.load() == static_cast<pid_t>(kernel_call(SYS_gettid)) &&
      asked.state.compare_exchange_strong(expected, 2)) {
    walk(asked.answer, context);
    asked.register_count = copy_registers(context, asked.registers);
    asked.state.store(3);
    if (ended_a_call(context)) {
      // It stays, and still answers the program's own signals: a collector may wait for that.
      const auto& before = static_cast<const ucontext_t*>(context)->uc_sigmask;
      kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &before, nullptr, sizeof(std::uint64_t));
      stays.load()();
    }
  }
  errno = saved;
}

}  // namespace

namespace {

// NOLINTNEXTLINE(readability-non-const-parameter): `step` writes there
void walk_from(call_stack& to, const void* context, std::uint64_t* stack_pointers) noexcept {
  to.count = to.interrupted = 0;
  if (mine.active != 0) return;
  mine.active = 1;
  if (sigsetjmp(mine.out, 0) == 0) {
    walker w{&to, context != nullptr ? pc_of(context) : 0, stack_pointers};
    _Unwind_Backtrace(&step, &w);
  }
  mine.active = 0;
  for (unsigned i = 0; i < mine.opened_count; ++i)
    mine.pages->close(reinterpret_cast<std::uint64_t>(mine.opened[i]), 1);
  mine.opened_count = 0;
  // Called through a null or wild pointer: the tables know nothing of that address, its caller is on the stack.
  if (context != nullptr && to.count <= 1) {
    to.frames[0] = pc_of(context);
    to.count = 1;
  }
}

}  // namespace

void walk(call_stack& to, const void* context) noexcept { walk_from(to, context, nullptr); }

void walk_with_stack_pointers(call_stack& to, std::uint64_t* stack_pointers) noexcept {
  walk_from(to, nullptr, stack_pointers);
}

bool mend_unwinding(const void* address, const void* context, const closable_pages& pages) noexcept {
  if (mine.active == 0) return false;
  if (!pages.is_closed(address) || mine.opened_count == std::size(mine.opened)) {
    // The jump leaves the handler's mask behind, in which all signals are blocked.
    const auto& before = static_cast<const ucontext_t*>(context)->uc_sigmask;
    kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &before, nullptr, sizeof(std::uint64_t));
    siglongjmp(mine.out, 1);
  }
  mine.opened[mine.opened_count] = address;
  mine.opened_count = mine.opened_count + 1;
  mine.pages = &pages;
  pages.open(reinterpret_cast<std::uint64_t>(address), 1);
  return true;
}

int stack_signal() noexcept { return signal_number.load(std::memory_order_relaxed); }

void prepare_stacks(void (*stay)() noexcept) noexcept {
  static constinit std::atomic<bool> ready{false};
  if (ready.exchange(true)) return;
  // The unwinder allocates at its first use.
  call_stack warm;
  walk(warm);
  take_stack_signal(stay);
}

void take_stack_signal(void (*stay)() noexcept) noexcept {
  if (signal_number.load() != 0) return;
  stays.store(stay);
  for (int signal = SIGRTMAX - 3; signal > SIGRTMIN; --signal) {
    struct sigaction now {};
    if (real_sigaction(signal, nullptr, &now) != 0 || (now.sa_flags & SA_SIGINFO) != 0 || now.sa_handler != SIG_DFL)
      continue;
    struct sigaction ours {};
    ours.sa_sigaction = &answer;
    ours.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&ours.sa_mask);
    sigdelset(&ours.sa_mask, SIGSEGV);
    sigdelset(&ours.sa_mask, SIGTRAP);
    if (real_sigaction(signal, &ours, nullptr) == 0) signal_number.store(signal);
    return;
  }
}

void set_alarm(unsigned ms, void (*expired)(void*)) noexcept {
  static constinit int timer = -1;
  static constinit pid_t timer_tid = 0, timer_pid = 0;
  const auto tid = static_cast<pid_t>(kernel_call(SYS_gettid));
  const int signal = stack_signal();
  alarm_expired.store(nullptr);
  if (signal == 0) return;
  if (timer >= 0 && (timer_tid != tid || timer_pid != ::getpid() || ms == 0)) {
    if (timer_pid == ::getpid()) kernel_call(SYS_timer_delete, timer);
    timer = -1;
  }
  if (ms == 0) return;
  if (timer < 0) {
    // Not by the C library's function, which allocates.
    sigevent how{};
    how.sigev_notify = SIGEV_THREAD_ID;
    how.sigev_signo = signal;
    how._sigev_un._tid = tid;
    if (kernel_call(SYS_timer_create, CLOCK_MONOTONIC, &how, &timer) != 0) return;
    timer_tid = tid;
    timer_pid = ::getpid();
  }
  const std::uint64_t one = std::uint64_t{1} << (signal - 1);
  kernel_call(SYS_rt_sigprocmask, SIG_UNBLOCK, &one, nullptr, sizeof one);
  alarm_expired.store(expired);
  const itimerspec when{{0, 0}, {static_cast<time_t>(ms / 1000), static_cast<long>(ms % 1000) * 1'000'000}};
  kernel_call(SYS_timer_settime, timer, 0, &when, nullptr);
}

unsigned registers_of_other(std::uint64_t (&to)[max_registers]) noexcept {
  std::copy_n(asked.registers, asked.register_count, to);
  return asked.register_count;
}

void walk_other(pid_t tid, call_stack& to, unsigned timeout_ms) noexcept {
  to.count = 0;
  asked.register_count = 0;
  const int signal = stack_signal();
  if (signal == 0 || !wait_until_open(tid, signal, timeout_ms)) return;
  asked.answer.count = 0;
  asked.register_count = 0;
  asked.tid.store(tid);
  asked.state.store(1);
  if (kernel_call(SYS_tgkill, ::getpid(), tid, signal) == 0) {
    for (unsigned i = 0; i < timeout_ms * 10 && asked.state.load() != 3; ++i) {
      timespec pause{0, 100'000};
      kernel_call(SYS_nanosleep, &pause, nullptr);
    }
  }
  int expected = 1;
  if (asked.state.compare_exchange_strong(expected, 0)) return;  // it will find nobody asking
  if (expected != 3) return;                                     // it is at it still: given up
  std::copy_n(asked.answer.frames, asked.answer.count, to.frames);
  to.count = asked.answer.count;
  asked.state.store(0);
}

}  // namespace curfew::check

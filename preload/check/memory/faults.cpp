// SPDX-License-Identifier: Apache-2.0
#include "check/memory/faults.hpp"

#include "check/facts/exiting.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/stack.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/c_library.hpp"
#include "check/linux/fault_signals.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/safe_read.hpp"
#include "check/linux/signals_off.hpp"
#include "check/memory/accesses.hpp"
#include "check/memory/closing.hpp"
#include "check/memory/freed.hpp"
#include "check/memory/held_threads.hpp"
#include "check/memory/own_accesses.hpp"
#include "check/memory/pages.hpp"
#include "check/memory/unloaded_code.hpp"
#include "check/memory/waits.hpp"

#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <iterator>
#include <utility>

namespace curfew::check {
namespace {

constexpr int fault_signals[] = {SIGSEGV, SIGTRAP, SIGBUS, SIGILL, SIGFPE, SIGABRT};
constinit std::atomic<bool> installed{false};
constinit std::atomic<void (*)() noexcept> before_death{nullptr};
constexpr closable_pages pages_in_use{&is_closed, &open_pages, &close_pages};
constinit struct sigaction program_actions[32]{};

/// The pages that are open for one instruction of this thread.
struct stepping {
  std::uint64_t pages[6];
  unsigned count;
  bool held_behind;  ///< then it waits for the exit handler's end
  sigset_t mask;
};
constinit thread_local stepping mine [[gnu::tls_model("initial-exec")]]{};

#if defined(__x86_64__)
constexpr bool can_step = true;
std::uint64_t program_counter(const ucontext_t& c) noexcept {
  return static_cast<std::uint64_t>(c.uc_mcontext.gregs[REG_RIP]);
}
std::uint64_t stack_pointer(const ucontext_t& c) noexcept {
  return static_cast<std::uint64_t>(c.uc_mcontext.gregs[REG_RSP]);
}
bool was_write(const ucontext_t& c) noexcept { return (c.uc_mcontext.gregs[REG_ERR] & 2) != 0; }
void step_one(ucontext_t& c, bool on) noexcept {
  constexpr greg_t trap_flag = 0x100;
  auto& flags = c.uc_mcontext.gregs[REG_EFL];
  flags = on ? flags | trap_flag : flags & ~trap_flag;
}
template <class Look>
bool any_register(const ucontext_t& c, Look look) noexcept {
  for (int i = 0; i <= REG_RSP; ++i)
    if (look(static_cast<std::uint64_t>(c.uc_mcontext.gregs[i]))) return true;
  return false;
}
#else
// No way to execute one instruction: a page that was accessed once stays open.
constexpr bool can_step = false;
std::uint64_t program_counter(const ucontext_t& c) noexcept { return c.uc_mcontext.pc; }
std::uint64_t stack_pointer(const ucontext_t& c) noexcept { return c.uc_mcontext.sp; }
bool was_write(const ucontext_t&) noexcept { return false; }
void step_one(ucontext_t&, bool) noexcept {}
template <class Look>
bool any_register(const ucontext_t& c, Look look) noexcept {
  for (const auto value : c.uc_mcontext.regs)
    if (look(value)) return true;
  return false;
}
#endif

void on_page(std::uint64_t address, ucontext_t& context) noexcept {
  if (!can_step) return open_pages(address, 1);
  if (mine.count == std::size(mine.pages)) return open_pages(address, 1);
  if (mine.count == 0) {
    mine.mask = context.uc_sigmask;
    // Nothing in between: the page is open.
    sigfillset(&context.uc_sigmask);
    sigdelset(&context.uc_sigmask, SIGSEGV);
    sigdelset(&context.uc_sigmask, SIGTRAP);
  }
  mine.pages[mine.count++] = page_of(address);
  step_one(context, true);
}

/// The thread uses what a static's destructor has freed: does it use the static, too? Its registers or the frames on
/// top of its stack point to it then.
void note_owner(int destructor, std::uint64_t pc, const ucontext_t& context) noexcept {
  const auto* const owner = written<destructor_ran>(destructor);
  if (owner == nullptr || owner->size == 0) return;
  std::uint64_t found = 0;
  const auto look = [&](std::uint64_t value) {
    if (value < owner->object || value >= owner->object + owner->size) return false;
    found = value;
    return true;
  };
  any_register(context, look);
  std::uint64_t words[128];
  if (found == 0 && read_safely(stack_pointer(context), words, sizeof words))
    for (const std::uint64_t word : words)
      if (look(word)) break;
  if (found != 0) note_access({owner->object, owner->size, destructor, 0, false}, found, pc, false, &context);
}

/// True when the access may be tried again.
bool is_ours(siginfo_t* info, ucontext_t& context) noexcept {
  if (info->si_code <= 0 || info->si_code == SI_KERNEL) return false;
  const auto address = reinterpret_cast<std::uint64_t>(info->si_addr);
  if (hold_until_destroyed(address, &context)) return true;
  const bool exits = is_exiting_thread();
  switch (enter_page(address, exits)) {
    case passage::foreign:
      return false;
    case passage::open:
      return true;
    case passage::one_access:
      break;
  }
  if (exits) note_own_access(address, !can_step || was_write(context));
  dead_range who;
  int event = -1;
  if (dead_range_at(address, who)) {
    event = note_access(who, address, program_counter(context), was_write(context), &context);
    if (who.heap) note_owner(who.destructor, program_counter(context), context);
  }
  note_order_of_access(address, program_counter(context), was_write(context), event);
  const bool held_behind = is_held_behind(address, was_write(context));
  on_page(address, context);
  if (mine.count != 0) mine.held_behind |= held_behind;
  return true;
}

/// An address that was read from memory which the exit has freed.
bool reads_pattern(const ucontext_t& context) noexcept {
  return any_register(context, [&](std::uint64_t value) {
    freed_block block;
    if (!block_of_pattern(value, block)) return false;
    note_access({block.begin, block.size, block.destructor, 0, true}, value, program_counter(context), false, &context);
    note_owner(block.destructor, program_counter(context), context);
    return true;
  });
}

void note_crash(int signal, siginfo_t* info, const ucontext_t& context, bool handled) noexcept {
  const std::uint64_t pc = program_counter(context);
  call_stack stack;
  walk(stack, &context);
  // The instruction itself could not be read: where the library is still there, for another user of it, it could.
  if ((signal == SIGSEGV || signal == SIGBUS) && reinterpret_cast<std::uint64_t>(info->si_addr) == pc) {
    unloaded_library library;
    for (unsigned from = 0; unloaded_at(pc, from, library);)
      emit(library_unloaded{.begin = library.begin, .end = library.end, .path = library.path}, current_thread(), stack);
  }
  if (!exiting()) return;
  emit(crashed{.address = reinterpret_cast<std::uint64_t>(info->si_addr),
               .pc = pc,
               .signal = signal,
               .handled = handled ? 1U : 0U},
       current_thread(), stack);
}

void crash(int signal, siginfo_t* info, ucontext_t& context) noexcept {
  const auto& own = program_actions[signal];
  const bool has_handler = own.sa_handler != SIG_DFL && own.sa_handler != SIG_IGN;
  if (signal == SIGSEGV || signal == SIGBUS) reads_pattern(context);
  note_crash(signal, info, context, has_handler);
  if (has_handler) {
    if ((own.sa_flags & SA_SIGINFO) != 0) return own.sa_sigaction(signal, info, &context);
    return own.sa_handler(signal);
  }
  if (exiting() && !is_exiting_thread()) {
    // The exit goes on without this thread, so that more can be found.
    if (const int index = current_thread(); index >= 0) record->threads[index].state.fetch_or(thread_record::crashed);
    // It still answers the program's own signals: a collector that stops all threads waits for each.
    const std::uint64_t faults = fault_signal_set();
    kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, &context.uc_sigmask, nullptr, sizeof(std::uint64_t));
    kernel_call(SYS_rt_sigprocmask, SIG_UNBLOCK, &faults, nullptr, sizeof faults);
    stay_here();
  }
  if (exiting()) before_death.load()();
  struct sigaction plain {};
  plain.sa_handler = SIG_DFL;
  real_sigaction(signal, &plain, nullptr);
  // A fault comes again when this returns; what was sent does not.
  if (info->si_code <= 0) kernel_call(SYS_tgkill, ::getpid(), kernel_call(SYS_gettid), signal);
}

void handle(int signal, siginfo_t* info, void* given) {
  const int saved = errno;
  auto& context = *static_cast<ucontext_t*>(given);
  if ((signal == SIGSEGV || signal == SIGBUS) && mend_unwinding(info->si_addr, given, pages_in_use)) return;
  if (signal == SIGTRAP && mine.count != 0) {
    for (unsigned i = 0; i < mine.count; ++i) leave_page(mine.pages[i]);
    mine.count = 0;
    context.uc_sigmask = mine.mask;
    step_one(context, false);
    if (std::exchange(mine.held_behind, false)) hold_behind_read();
  } else if (signal != SIGSEGV || !is_ours(info, context)) {
    crash(signal, info, context);
  }
  errno = saved;
}

bool is_taken(int signal) noexcept {
  for (const int one : fault_signals)
    if (one == signal) return true;
  return false;
}

}  // namespace

void install_fault_handlers(void (*last)() noexcept) noexcept {
  before_death.store(last);
  if (installed.exchange(true)) return;
  for (const int signal : fault_signals) {
    struct sigaction ours {};
    ours.sa_sigaction = &handle;
    sigfillset(&ours.sa_mask);
    for (const int other : fault_signals) sigdelset(&ours.sa_mask, other);
    real_sigaction(signal, nullptr, &program_actions[signal]);
    // Whoever handles faults on a stack of their own has stacks that may be too small for that.
    ours.sa_flags = SA_SIGINFO | SA_NODEFER | (program_actions[signal].sa_flags & SA_ONSTACK);
    real_sigaction(signal, &ours, nullptr);
  }
}

bool keep_program_action(int signal, const struct sigaction* to, struct sigaction* before) noexcept {
  if (!installed.load() || !is_taken(signal)) return false;
  auto& own = program_actions[signal];
  const struct sigaction was = own;
  if (to != nullptr) own = *to;
  if (before != nullptr) *before = was;
  return true;
}

}  // namespace curfew::check

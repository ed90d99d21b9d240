// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/c_library.hpp"
#include "os/call_restart.hpp"
#include "os/clock.hpp"
#include "os/interrupted.hpp"
#include "os/loaded_module_linux.hpp"
#include "os/look_up_linux.hpp"
#include "os/restart_syscall_linux.hpp"
#include "os/signal_linux.hpp"
#include "os/tasks.hpp"

#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>

namespace curfew::inline v1::detail::os {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000, ns_per_ms = 1'000'000;

/// How a call is begun again.
enum class kind : unsigned char {
  same,                ///< with the arguments that it had, the kernel having noted in them what is left
  by_the_kernel,       ///< it remembers until when, and goes on when it is asked to
  milliseconds_left,   ///< its fourth argument is a limit in milliseconds
  timespec_at_third,   ///< its third is the address of a limit
  timespec_at_fourth,  ///< …
  timespec_at_fifth,
};

kind kind_of(long number) noexcept {
  switch (number) {
#if CURFEW_CPU_X86_64
    case SYS_poll:
#endif
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
    case SYS_futex:
    case SYS_restart_syscall:
      return kind::by_the_kernel;
#if CURFEW_CPU_X86_64
    case SYS_epoll_wait:
#endif
    case SYS_epoll_pwait:
      return kind::milliseconds_left;
    case SYS_rt_sigtimedwait:
      return kind::timespec_at_third;
    case SYS_semtimedop:
#if defined(SYS_epoll_pwait2)
    case SYS_epoll_pwait2:
#endif
      return kind::timespec_at_fourth;
    case SYS_io_getevents:
#if defined(SYS_io_pgetevents)
    case SYS_io_pgetevents:
#endif
      return kind::timespec_at_fifth;
    default:
      return kind::same;
  }
}

#if CURFEW_CPU_X86_64

constexpr int argument_registers[] = {REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9};
constexpr int instruction_size = 2;

std::uint64_t argument(const mcontext_t& registers, int which) noexcept {
  return static_cast<std::uint64_t>(registers.gregs[argument_registers[which]]);
}
void set_argument(mcontext_t& registers, int which, std::uint64_t value) noexcept {
  registers.gregs[argument_registers[which]] = static_cast<greg_t>(value);
}
long result(const mcontext_t& registers) noexcept { return static_cast<long>(registers.gregs[REG_RAX]); }
void set_result(mcontext_t& registers, long value) noexcept { registers.gregs[REG_RAX] = value; }
std::uint64_t stack_of(const mcontext_t& registers) noexcept {
  return static_cast<std::uint64_t>(registers.gregs[REG_RSP]);
}
void step_back(mcontext_t& registers, long number, std::uint64_t) noexcept {
  registers.gregs[REG_RAX] = number;
  registers.gregs[REG_RIP] -= instruction_size;
}
void step_over(mcontext_t& registers) noexcept { registers.gregs[REG_RIP] += instruction_size; }
constexpr int first_argument_that_stays = 0;

constexpr std::int32_t most_calls = 1024;

/// In the C library's code nearly every call has its number loaded just before it. -1: not here.
long number_before(const void* code) noexcept {
  unsigned char bytes[7];
  if (!is_busy_code(code)) return -1;
  std::memcpy(bytes, static_cast<const unsigned char*>(code) - sizeof bytes, sizeof bytes);
  std::int32_t number;
  std::memcpy(&number, bytes + 1, sizeof number);
  const bool loads_it = bytes[0] == 0xb8 && bytes[5] == 0x0f && bytes[6] == 0x05;  // mov $number,%eax; syscall
  return loads_it && number >= 0 && number < most_calls ? number : -1;
}

/// From glibc 2.41 on, all calls in which a thread can be cancelled are made by one instruction. Their number is then
/// in no register, but where the compiler has put it on the stack: a call of our own shows where, and those whose
/// number was seen from outside.
class number_on_stack {
 public:
  /// False if it is for another instruction.
  bool learn(const mcontext_t& registers, long number) noexcept {
    std::uint64_t known = 0;
    const std::uint64_t code = code_of(registers);
    if (!code_.compare_exchange_strong(known, code) && known != code) return false;
    std::uint32_t places = places_.load();
    for (int i = 0; i < words; ++i)
      if (word(registers, i) != static_cast<std::uint64_t>(number)) places &= ~(1U << i);
    places_.fetch_and(places);
    return true;
  }
  /// -1: it is not known where, or the places say different things.
  [[nodiscard]] long read(const mcontext_t& registers) const noexcept {
    if (code_.load() != code_of(registers)) return -1;
    long number = -1;
    for (int i = 0; i < words; ++i) {
      if ((places_.load() >> i & 1U) == 0) continue;
      const auto here = static_cast<long>(word(registers, i));
      if (here < 0 || here >= most_calls || (number >= 0 && number != here)) return -1;
      number = here;
    }
    return number;
  }

 private:
  /// So much of the stack belongs to the C library's own frames.
  static constexpr int words = 8;
  static std::uint64_t code_of(const mcontext_t& registers) noexcept {
    return static_cast<std::uint64_t>(registers.gregs[REG_RIP]);
  }
  /// It may lie in the frame of a caller, which AddressSanitizer takes for an error.
  __attribute__((no_sanitize("address"))) static std::uint64_t word(const mcontext_t& registers, int which) noexcept {
    return reinterpret_cast<const std::uint64_t*>(registers.gregs[REG_RSP])[which];
  }
  std::atomic<std::uint64_t> code_{0};
  std::atomic<std::uint32_t> places_{(1U << words) - 1};
};
/// One for each of its instructions: a thread that cannot be cancelled at the moment uses another.
class numbers_on_stack {
 public:
  void learn(const mcontext_t& registers, long number) noexcept {
    for (number_on_stack& one : of_instructions_)
      if (one.learn(registers, number)) return;
  }
  [[nodiscard]] long read(const mcontext_t& registers) const noexcept {
    for (const number_on_stack& one : of_instructions_)
      if (const long number = one.read(registers); number >= 0) return number;
    return -1;
  }

 private:
  number_on_stack of_instructions_[2];
};
constinit numbers_on_stack stack_place;

/// `seen`: it is the call that was seen from outside.
long number_there(const mcontext_t& registers, const call_note* seen) noexcept {
  const auto* const code = reinterpret_cast<const void*>(registers.gregs[REG_RIP]);
  const long before = number_before(code);
  if (seen == nullptr) return before >= 0 ? before : stack_place.read(registers);
  const long number = seen->number.load(std::memory_order_relaxed);
  if (before < 0 && is_busy_code(code)) stack_place.learn(registers, number);
  return number;
}

#elif CURFEW_CPU_AARCH64

std::uint64_t argument(const mcontext_t& registers, int which) noexcept { return registers.regs[which]; }
void set_argument(mcontext_t& registers, int which, std::uint64_t value) noexcept { registers.regs[which] = value; }
long result(const mcontext_t& registers) noexcept { return static_cast<long>(registers.regs[0]); }
void set_result(mcontext_t& registers, long value) noexcept { registers.regs[0] = static_cast<std::uint64_t>(value); }
std::uint64_t stack_of(const mcontext_t& registers) noexcept { return registers.sp; }
void step_back(mcontext_t& registers, long, std::uint64_t first) noexcept {
  registers.regs[0] = first;
  registers.pc -= 4;
}
void step_over(mcontext_t& registers) noexcept { registers.pc += 4; }
constexpr int first_argument_that_stays = 1;  // the result takes the first one's place
long number_there(const mcontext_t& registers, const call_note*) noexcept {
  return static_cast<long>(registers.regs[8]);
}

#else

std::uint64_t argument(const mcontext_t&, int) noexcept { return 0; }
void set_argument(mcontext_t&, int, std::uint64_t) noexcept {}
long result(const mcontext_t&) noexcept { return 0; }
void set_result(mcontext_t&, long) noexcept {}
std::uint64_t stack_of(const mcontext_t&) noexcept { return 0; }
void step_back(mcontext_t&, long, std::uint64_t) noexcept {}
void step_over(mcontext_t&) noexcept {}
constexpr int first_argument_that_stays = 0;
long number_there(const mcontext_t&, const call_note*) noexcept { return -1; }

#endif

/// Is it the call that was seen from outside?
bool is_of(const call_note* note, const ucontext_t& context) noexcept {
  if (note == nullptr || note->number.load(std::memory_order_relaxed) < 0) return false;
  const auto code = reinterpret_cast<std::uint64_t>(interrupted_at(&context));
  if (note->code.load(std::memory_order_relaxed) != code) return false;
  if (note->stack.load(std::memory_order_relaxed) != stack_of(context.uc_mcontext)) return false;
  for (int i = first_argument_that_stays; i < call_note::arguments; ++i)
    if (note->argument[i].load(std::memory_order_relaxed) != argument(context.uc_mcontext, i)) return false;
  return true;
}

/// The call, when it was interrupted with EINTR and it is known which it is; -1 otherwise.
long number_of(const ucontext_t& context, const call_note* note) noexcept {
  if (result(context.uc_mcontext) != -EINTR) return -1;
  if (is_of(note, context)) return number_there(context.uc_mcontext, note);
  return behind_system_call(&context) ? number_there(context.uc_mcontext, nullptr) : -1;
}

void copy(const call_note& from, call_note& to) noexcept {
  for (int i = 0; i < call_note::arguments; ++i) to.argument[i].store(from.argument[i].load());
  to.seen_at.store(from.seen_at.load());
  to.number.store(from.number.load());
}

/// Calls that threads go on with by restart_syscall, for read_restarted_call. Copied, because the next freeze notes
/// restart_syscall itself. Where all places are taken, one more is not known.
struct restarted_call {
  std::atomic<pid_t> tid{0};
  std::atomic<bool> complete{false};
  call_note note = {.number = 0};  // all zeros, which take no place in a program's file
};
constinit restarted_call restarted_calls[64];

// Two functions, and no object with a destructor: a thread that is cancelled in the call is unwound through here, and
// must find nothing to do (preload/CMakeLists.txt). It leaves the place taken, and takes it again should it still be
// frozen once more.
restarted_call* show(const call_note* note) noexcept {
  if (note == nullptr) return nullptr;
  const pid_t self = ::gettid();
  for (restarted_call& place : restarted_calls) {
    pid_t there = 0;
    if (!place.tid.compare_exchange_strong(there, self) && there != self) continue;
    place.complete.store(false);
    copy(*note, place.note);
    place.complete.store(true);
    return &place;
  }
  return nullptr;
}

void hide(restarted_call* place) noexcept {
  if (place == nullptr) return;
  place->complete.store(false);
  place->tid.store(0);
}

/// What is left of the limit that the call has, at an address or as a number.
std::int64_t left_of(std::int64_t limit, const call_note* note) noexcept {
  if (note == nullptr) return limit;
  const std::int64_t gone = now_steady().time_since_epoch().count() - note->seen_at.load(std::memory_order_relaxed);
  return limit > gone ? limit - gone : 0;
}

void shorten_milliseconds(mcontext_t& registers, const call_note* note) noexcept {
  constexpr int which = 3;
  const auto limit = static_cast<std::int32_t>(argument(registers, which));
  if (limit <= 0) return;  // none, or no wait at all
  const auto left = (left_of(limit * ns_per_ms, note) + ns_per_ms - 1) / ns_per_ms;
  set_argument(registers, which, static_cast<std::uint64_t>(left));
}

void shorten_timespec(mcontext_t& registers, int which, call_note* note) noexcept {
  const auto* const limit = reinterpret_cast<const std::int64_t*>(argument(registers, which));
  if (limit == nullptr || note == nullptr) return;
  auto& mine = note->left_of_time_limit;
  const std::int64_t left = left_of(limit[0] * ns_per_s + limit[1], note);
  mine[0] = left / ns_per_s;
  mine[1] = left % ns_per_s;
  set_argument(registers, which, reinterpret_cast<std::uint64_t>(&mine));
}

}  // namespace

void note_call(pid_t tid, call_note& note) noexcept {
  task_call seen;
  const bool known = read_task_call(tid, seen);
  note.number.store(-1, std::memory_order_relaxed);
  if (!known) return;
  for (int i = 0; i < call_note::arguments; ++i) note.argument[i].store(seen.arguments[i], std::memory_order_relaxed);
  note.stack.store(seen.stack, std::memory_order_relaxed);
  note.code.store(seen.code, std::memory_order_relaxed);
  note.seen_at.store(now_steady().time_since_epoch().count(), std::memory_order_relaxed);
  note.number.store(seen.number, std::memory_order_relaxed);
}

bool calls_hide_their_number() noexcept {
#if CURFEW_CPU_X86_64
  constexpr const char* any_call = "ppoll";
  const auto* const code = static_cast<const unsigned char*>(find_in_c_library(any_call));
  if (code == nullptr) return true;
  const auto* const end = code + size_of_function(code, any_call);
  constexpr unsigned char syscall_instruction[] = {0x0f, 0x05};
  return std::search(code, end, std::begin(syscall_instruction), std::end(syscall_instruction)) == end;
#else
  return false;
#endif
}

void learn_number_of_call([[maybe_unused]] const void* ucontext, [[maybe_unused]] long number) noexcept {
#if CURFEW_CPU_X86_64
  const auto& registers = static_cast<const ucontext_t*>(ucontext)->uc_mcontext;
  const auto* const code = reinterpret_cast<const void*>(registers.gregs[REG_RIP]);
  if (result(registers) != -EINTR || !is_busy_code(code) || !behind_system_call(ucontext)) return;
  if (number_before(code) < 0) stack_place.learn(registers, number);
#endif
}

broken_call interrupted_call(const void* ucontext, const call_note* note) noexcept {
  const auto& context = *static_cast<const ucontext_t*>(ucontext);
  if (interrupts_restart_call(ucontext) || number_of(context, note) >= 0) return broken_call::known;
  const bool broken = result(context.uc_mcontext) == -EINTR && behind_system_call(ucontext);
  return broken ? broken_call::unknown : broken_call::none;
}

long interrupted_call_number(const void* ucontext, const call_note* note) noexcept {
  return number_of(*static_cast<const ucontext_t*>(ucontext), note);
}

void begin_call_again(void* ucontext, call_note* note) {
  auto& context = *static_cast<ucontext_t*>(ucontext);
  auto& registers = context.uc_mcontext;
  if (interrupts_restart_call(ucontext)) resume_restart_call(ucontext);
  unsigned long open_signals;  // the kernel's own mask is the first word of it
  std::memcpy(&open_signals, &context.uc_sigmask, sizeof open_signals);
  if (result(registers) != -EINTR) {
    // The kernel restarts it, for our signal's sake. Not if a handler is due that wants no restart.
    if (is_busy_code(interrupted_at(ucontext)) && asleep_in_system_call(ucontext) &&
        a_handler_is_due(open_signals, for_calls::not_restarted)) {
      step_over(registers);
      set_result(registers, -EINTR);
    }
    return;
  }
  const long number = number_of(context, note);
  if (number < 0) return;
  call_note* const seen = is_of(note, context) ? note : nullptr;
  const kind how = kind_of(number);
  const bool is_absolute = number == SYS_clock_nanosleep && argument(registers, 1) == TIMER_ABSTIME;
  if (how == kind::by_the_kernel && !is_absolute) {
    restarted_call* const shown = show(seen);
    set_result(registers, restart_call(open_signals));  // a handler that is due comes first, and ends the call
    return hide(shown);
  }
  if (first_argument_that_stays != 0 && seen == nullptr) return;
  if (a_handler_is_due(open_signals, for_calls::any)) return;
  switch (how) {
    case kind::milliseconds_left:
      shorten_milliseconds(registers, seen);
      break;
    case kind::timespec_at_third:
      shorten_timespec(registers, 2, seen);
      break;
    case kind::timespec_at_fourth:
      shorten_timespec(registers, 3, seen);
      break;
    case kind::timespec_at_fifth:
      shorten_timespec(registers, 4, seen);
      break;
    case kind::same:
    case kind::by_the_kernel:
      break;
  }
  step_back(registers, number, seen != nullptr ? seen->argument[0].load(std::memory_order_relaxed) : 0);
}

bool read_restarted_call(pid_t tid, task_call& call, std::chrono::nanoseconds& since) noexcept {
  for (const restarted_call& place : restarted_calls) {
    if (place.tid.load() != tid) continue;
    if (!place.complete.load()) return false;
    const call_note& note = place.note;
    call.number = note.number.load();
    for (int i = 0; i < call_note::arguments; ++i) call.arguments[i] = note.argument[i].load();
    since = now_steady().time_since_epoch() - std::chrono::nanoseconds(note.seen_at.load());
    return place.complete.load() && place.tid.load() == tid;
  }
  return false;
}

}  // namespace curfew::inline v1::detail::os

#endif

// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/c_library.hpp"
#include "os/condition.hpp"
#include "os/interrupted.hpp"
#include "os/loaded_module_linux.hpp"
#include "os/look_up_linux.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace curfew::inline v1::detail::os {
namespace {

using word = std::atomic<std::uint32_t>;

/// Where things are in glibc's pthread_cond_t, in bytes; all of them words of 32 bits. Waiters are in two groups, of
/// which one takes signals and the other gathers. Up to 2.40 a signal that finds the first group done waits until those
/// that refer to it have left; from 2.41 on it waits for nobody.
struct layout {
  bool known = false;
  bool counts_groups = false;
  unsigned group_references = 0;  ///< of two groups: twice their number, and a bit for somebody who waits
  unsigned group_size = 0;        ///< of two groups
  unsigned lock = 0;              ///< the condition's own; in the lowest two bits
  unsigned waiters = 0;           ///< eight times their number; bit 0: process-shared, bit 2: somebody destroys it
  unsigned signals = 0;           ///< of two groups: what waiters sleep on
};
constinit layout here;

struct code_range {
  std::uintptr_t begin = 0, end = 0;
  [[nodiscard]] bool has(std::uintptr_t address) const noexcept { return address >= begin && address < end; }
};

/// The version that came with today's pthread_cond_t, where the architecture is old enough to have another.
constexpr const char* condition_version = CURFEW_CPU_X86_64 ? "GLIBC_2.3.2" : nullptr;

constinit symbol_by_name wait_functions[] = {{"pthread_cond_wait", condition_version, true},
                                             {"pthread_cond_timedwait", condition_version, true},
                                             {"pthread_cond_clockwait", nullptr, true}};
constinit symbol_by_name notify_functions[] = {{"pthread_cond_signal", condition_version, true},
                                               {"pthread_cond_broadcast", condition_version, true}};
constinit code_range wait_code[std::size(wait_functions)];
constinit code_range notify_code[std::size(notify_functions)];

constinit std::atomic<int (*)(pthread_cond_t*)> broadcast{&::pthread_cond_broadcast};

constexpr std::uint32_t one_waiter = 8, shared = 1, is_destroyed = 4;
constexpr std::uint32_t one_reference = 2, somebody_waits = 1;
constexpr std::uint32_t most_waiters = 1U << 22;

word& at(unsigned char* condition, unsigned offset) noexcept { return *reinterpret_cast<word*>(condition + offset); }

void wake_all(unsigned char* condition, word& on) noexcept {
  const bool is_shared = (at(condition, here.waiters).load() & shared) != 0;
  ::syscall(SYS_futex, &on, FUTEX_WAKE | (is_shared ? 0 : FUTEX_PRIVATE_FLAG), INT_MAX, nullptr, nullptr, 0);
}

/// The program may have given back the memory without a word to the C library.
bool is_readable(const void* address) noexcept {
  const timespec now{};
  const long r = ::syscall(SYS_futex, address, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, ~0U, &now, nullptr, 0);
  return r == 0 || errno != EFAULT;
}

/// Does what lies there look like a condition variable somebody waits on, in `group`? It may be something else by now.
bool is_plausible(unsigned char* condition, unsigned group) noexcept {
  if (!is_readable(condition) || !is_readable(condition + sizeof(pthread_cond_t) - 4)) return false;
  std::uint64_t sequence, group_start;
  std::memcpy(&sequence, condition, sizeof sequence);
  std::memcpy(&group_start, condition + sizeof sequence, sizeof group_start);
  const std::uint32_t waiters = at(condition, here.waiters).load() / one_waiter;
  if (waiters == 0 || waiters > most_waiters || sequence >> 1 < waiters) return false;
  if (here.counts_groups) {
    if (group_start >> 1 > sequence >> 1) return false;
    for (unsigned g = 0; g < 2; ++g) {
      const std::uint32_t references = at(condition, here.group_references + 4 * g).load() / one_reference;
      if (references > waiters || (references == 0 && g == group)) return false;
    }
  }
  for (unsigned g = 0; g < 2; ++g) {
    const auto size = static_cast<std::int32_t>(at(condition, here.group_size + 4 * g).load());
    if (size > static_cast<std::int32_t>(most_waiters) || size < -static_cast<std::int32_t>(most_waiters)) return false;
  }
  return at(condition, here.lock).load() / 4 <= most_waiters;
}

#if CURFEW_CPU_X86_64

/// What the interrupted thread slept on in a futex call; null: in none.
const unsigned char* slept_on(const void* ucontext) noexcept {
  constexpr unsigned char syscall_instruction[] = {0x0f, 0x05};
  const auto& registers = static_cast<const ucontext_t*>(ucontext)->uc_mcontext.gregs;
  const auto* pc = reinterpret_cast<const unsigned char*>(registers[REG_RIP]);
  const auto command = registers[REG_RSI] & FUTEX_CMD_MASK;
  if (command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET) return nullptr;
  const bool broken = registers[REG_RAX] == -EINTR && std::memcmp(pc - 2, syscall_instruction, 2) == 0;
  const bool begun_again = std::memcmp(pc, syscall_instruction, 2) == 0 &&
                           registers[REG_RCX] == registers[REG_RIP] + 2 && registers[REG_RAX] == SYS_futex;
  return broken || begun_again ? reinterpret_cast<const unsigned char*>(registers[REG_RDI]) : nullptr;
}

void end_call_with_eintr(void* ucontext) noexcept {
  auto& registers = static_cast<ucontext_t*>(ucontext)->uc_mcontext.gregs;
  if (registers[REG_RAX] == -EINTR) return;
  registers[REG_RAX] = -EINTR;
  registers[REG_RIP] += 2;
}

const std::uintptr_t* stack_of(const void* ucontext) noexcept {
  return reinterpret_cast<const std::uintptr_t*>(static_cast<const ucontext_t*>(ucontext)->uc_mcontext.gregs[REG_RSP]);
}

#elif CURFEW_CPU_AARCH64

/// As above. The address of a call that ends with EINTR is not known any more: its result has taken the register.
const unsigned char* slept_on(const void* ucontext) noexcept {
  constexpr std::uint32_t svc = 0xd4000001;
  const auto& context = static_cast<const ucontext_t*>(ucontext)->uc_mcontext;
  std::uint32_t code;
  std::memcpy(&code, reinterpret_cast<const void*>(context.pc), sizeof code);
  const auto command = context.regs[1] & FUTEX_CMD_MASK;
  if (code != svc || context.regs[8] != SYS_futex || (command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET))
    return nullptr;
  return reinterpret_cast<const unsigned char*>(context.regs[0]);
}

void end_call_with_eintr(void* ucontext) noexcept {
  auto& context = static_cast<ucontext_t*>(ucontext)->uc_mcontext;
  context.regs[0] = static_cast<std::uint64_t>(-EINTR);
  context.pc += 4;
}

const std::uintptr_t* stack_of(const void* ucontext) noexcept {
  return reinterpret_cast<const std::uintptr_t*>(static_cast<const ucontext_t*>(ucontext)->uc_mcontext.sp);
}

#else

const unsigned char* slept_on(const void*) noexcept { return nullptr; }
void end_call_with_eintr(void*) noexcept {}
const std::uintptr_t* stack_of(const void*) noexcept { return nullptr; }

#endif

/// Was the interrupted thread's futex call made by that code? Between them there are some frames of the C library's, so
/// the return address is near: no unwinder is needed, which may want locks.
/// It reads the frames of others, which AddressSanitizer takes for an error.
template <std::size_t N>
__attribute__((no_sanitize("address"))) bool is_called_by(const code_range (&code)[N], const void* ucontext) noexcept {
  constexpr int near = 64;
  const void* const at = interrupted_at(ucontext);
  const std::uintptr_t* const stack = stack_of(ucontext);
  if (stack == nullptr || !is_busy_code(at)) return false;
  for (const code_range& range : code) {
    // The compiler may have put the call into that very function.
    if (range.has(reinterpret_cast<std::uintptr_t>(at))) return true;
    for (int i = 0; i < near; ++i)
      if (range.begin <= stack[i] && stack[i] < range.end) return true;
  }
  return false;
}

code_range code_of(symbol_by_name& symbol) noexcept {
  void* const function = symbol.get();
  if (function == nullptr || !is_busy_code(function)) return {};
  const auto begin = reinterpret_cast<std::uintptr_t>(function);
  return {begin, begin + size_of_function(function, symbol.name())};
}

/// A condition variable that is told to be process-shared and of another clock has one word that says so, the one that
/// counts its waiters; where it lies tells the layouts apart.
layout find_layout() noexcept {
  pthread_condattr_t attributes;
  pthread_cond_t probe;
  if (::pthread_condattr_init(&attributes) != 0) return {};
  ::pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  ::pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  std::memset(&probe, 0, sizeof probe);
  const bool made = ::pthread_cond_init(&probe, &attributes) == 0;
  ::pthread_condattr_destroy(&attributes);
  if (!made) return {};
  std::uint32_t words[sizeof probe / 4];
  std::memcpy(words, &probe, sizeof words);
  ::pthread_cond_destroy(&probe);
  const auto flags = std::find_if(std::begin(words), std::end(words), [](std::uint32_t w) { return w != 0; });
  if (flags == std::end(words) || *flags != (shared | 2)) return {};
  if (std::any_of(flags + 1, std::end(words), [](std::uint32_t w) { return w != 0; })) return {};
  switch (flags - std::begin(words)) {
    case 9:
      return {true, true, 16, 24, 32, 36, 40};
    case 7:
      return {true, false, 0, 16, 24, 28, 32};
    default:
      return {};
  }
}

}  // namespace

void look_up_condition_functions() noexcept {
  for (symbol_by_name& symbol : wait_functions) symbol.get();
  for (symbol_by_name& symbol : notify_functions) symbol.get();
}

void find_condition_layout() noexcept {
  static constinit std::atomic<bool> done{false};
  if (done.load()) return;
#if defined(__GLIBC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  static_assert(sizeof(pthread_cond_t) == 48);
  here = find_layout();
#endif
  for (std::size_t i = 0; i < std::size(wait_code); ++i) wait_code[i] = code_of(wait_functions[i]);
  for (std::size_t i = 0; i < std::size(notify_code); ++i) notify_code[i] = code_of(notify_functions[i]);
  done.store(true);
}

void leave_condition(condition_place& place, const void* known, const void* ucontext) noexcept {
  place.counted_in.store(nullptr);
  place.left.store(false);
  const unsigned char* const word_there = here.known ? slept_on(ucontext) : nullptr;
  if (word_there == nullptr) return;
  const auto* base = static_cast<const unsigned char*>(known);
  if (base == nullptr) {
    if (!is_called_by(wait_code, ucontext)) return;
    // A condition variable lies at a multiple of eight, so the word tells which group's it is, or that it is the lock.
    const auto address = reinterpret_cast<std::uintptr_t>(word_there);
    base = word_there - here.signals - ((address - here.signals) % 8 == 4 ? 4 : 0);
  }
  const auto offset = static_cast<std::uintptr_t>(word_there - base);
  const bool in_group = offset == here.signals || offset == here.signals + 4;
  if (!in_group && (known == nullptr || offset != here.lock)) return;  // it takes its mutex again, say
  auto* const condition = const_cast<unsigned char*>(base);
  place.group = in_group ? static_cast<unsigned>(offset - here.signals) / 4 : condition_place::no_group;
  if (!is_plausible(condition, place.group)) return;
  if (in_group && here.counts_groups) {
    word& references = at(condition, here.group_references + 4 * place.group);
    if (references.fetch_sub(one_reference) == (one_reference | somebody_waits)) {
      references.fetch_and(~somebody_waits);
      wake_all(condition, references);
    }
  }
  place.counted_in.store(condition);
}

bool return_to_condition(condition_place& place, void* ucontext) noexcept {
  unsigned char* const condition = place.counted_in.exchange(nullptr);
  if (condition == nullptr) return false;
  if (place.left.exchange(false)) at(condition, here.waiters).fetch_add(one_waiter);
  if (place.group == condition_place::no_group) return false;
  if (here.counts_groups) at(condition, here.group_references + 4 * place.group).fetch_add(one_reference);
  end_call_with_eintr(ucontext);
  return true;
}

bool is_notifying(const void* ucontext) noexcept {
  return here.counts_groups && slept_on(ucontext) != nullptr && is_called_by(notify_code, ucontext);
}

void leave_condition_for_good(condition_place& place) noexcept {
  unsigned char* const condition = place.counted_in.load();
  if (condition == nullptr || place.left.load())
    return;  // it is frozen for the second time, by the exit after finish()
  if (!is_plausible(condition, condition_place::no_group)) return;
  word& waiters = at(condition, here.waiters);
  place.left.store(true);
  if (waiters.fetch_sub(one_waiter) / 4 == (one_waiter | is_destroyed) / 4) wake_all(condition, waiters);
}

void wake_others(const void* condition) noexcept {
  auto* const c = static_cast<unsigned char*>(const_cast<void*>(condition));
  if (!here.known || c == nullptr || !is_plausible(c, condition_place::no_group)) return;
  if ((at(c, here.lock).load() & 3) != 0) return;  // by a frozen thread, or one that wakes them itself
  broadcast.load()(reinterpret_cast<pthread_cond_t*>(c));
}

void set_broadcast(int (*how)(pthread_cond_t*)) noexcept { broadcast.store(how); }

long waiters_of(const void* condition) noexcept {
  if (!here.known) return -1;
  const auto* const c = static_cast<const unsigned char*>(condition);
  return static_cast<long>(reinterpret_cast<const word*>(c + here.waiters)->load() / one_waiter);
}

}  // namespace curfew::inline v1::detail::os

#endif

// SPDX-License-Identifier: Apache-2.0
#include "os/platform.hpp"
#if CURFEW_OS_LINUX

#include "os/spin_lock_words_linux.hpp"
#include "os/spin_locks.hpp"

#include <ucontext.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

namespace curfew::inline v1::detail::os {

#if CURFEW_CPU_X86_64 && !CURFEW_TSAN

namespace {

/// How far away the two ends of a short critical section are looked for. One end may be further away if the thread is
/// right behind or right before the other: the compiler moves what it takes for rare behind the end of the function,
/// and for libstdc++ that is the locked increment which a program with threads does each time.
constexpr std::uint64_t reach = 4096, both_near = 512, one_very_near = 64;
constexpr std::uint64_t longest_instruction = 15;

using registers = decltype(ucontext_t::uc_mcontext.gregs);

/// The code around an address, as far as it is there: begin and end.
struct code_around {
  std::uint64_t begin, end;

  explicit code_around(std::uint64_t at) noexcept {
    constexpr std::uint64_t page = 4096;
    begin = at & ~(page - 1);
    end = begin + page;
    while (begin > at - reach && is_readable(begin - 1)) begin -= page;
    while (end < at + reach + longest_instruction && is_readable(end)) end += page;
    begin = std::max(begin, at - reach);
    end = std::min(end - longest_instruction, at + reach);
  }
};

/// An operand in memory, with the registers as they are now. `size`: of what names it, in bytes.
struct operand {
  std::uint64_t address;
  std::size_t size;
  bool follows_code;  ///< it counts from the end of its instruction
};

/// By its number in an instruction.
constexpr int register_numbers[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                    REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

std::int32_t number_at(const unsigned char* p) noexcept {
  std::int32_t n;
  std::memcpy(&n, p, sizeof n);
  return n;
}

/// `p`: the ModRM byte. Nothing when the operand is a register. Intel's manual, volume 2, chapter 2.1.5.
std::optional<operand> operand_at(const unsigned char* p, unsigned rex, const registers& now) noexcept {
  const unsigned mode = p[0] >> 6, rm = p[0] & 7;
  const auto value = [&](unsigned number) { return static_cast<std::uint64_t>(now[register_numbers[number]]); };
  if (mode == 3) return std::nullopt;
  if (mode == 0 && rm == 5) return operand{static_cast<std::uint64_t>(std::int64_t{number_at(p + 1)}), 5, true};
  operand found{0, 1, false};
  if (rm == 4) {
    const unsigned sib = p[found.size++];
    const unsigned index = ((sib >> 3) & 7) | ((rex & 2) != 0 ? 8U : 0U);
    const unsigned base = (sib & 7) | ((rex & 1) != 0 ? 8U : 0U);
    if (index != 4) found.address += value(index) << (sib >> 6);
    if (mode == 0 && (sib & 7) == 5) {
      found.address += static_cast<std::uint64_t>(std::int64_t{number_at(p + found.size)});
      found.size += 4;
    } else {
      found.address += value(base);
    }
  } else {
    found.address = value(rm | ((rex & 1) != 0 ? 8U : 0U));
  }
  if (mode == 1) {
    found.address += static_cast<std::uint64_t>(std::int64_t{static_cast<signed char>(p[found.size])});
    found.size += 1;
  } else if (mode == 2) {
    found.address += static_cast<std::uint64_t>(std::int64_t{number_at(p + found.size)});
    found.size += 4;
  }
  return found;
}

struct instruction {
  const unsigned char* code;  ///< behind the prefixes
  std::uint64_t at;           ///< the address of that
  unsigned rex = 0;
  bool has_lock = false;

  /// Reads the prefixes. 0x66 makes words of 16 bits, which no lock is.
  instruction(std::uint64_t address) noexcept : code(reinterpret_cast<const unsigned char*>(address)), at(address) {
    if (*code == 0xf0) {
      has_lock = true;
      step();
    }
    if ((*code & 0xf0) == 0x40) {
      rex = *code;
      step();
    }
  }
  [[nodiscard]] std::optional<lock_word> end_with(std::size_t opcode_size, std::size_t immediate_size,
                                                  std::uint64_t locked, unsigned width,
                                                  const registers& now) const noexcept {
    auto found = operand_at(code + opcode_size, rex, now);
    if (!found) return std::nullopt;
    if (found->follows_code) found->address += at + opcode_size + found->size + immediate_size;
    return lock_word{found->address, locked, width, false};
  }
  [[nodiscard]] unsigned wide() const noexcept { return (rex & 8) != 0 ? 8 : 4; }
  [[nodiscard]] unsigned digit(std::size_t opcode_size) const noexcept { return (code[opcode_size] >> 3) & 7; }

 private:
  void step() noexcept {
    ++code;
    ++at;
  }
};

/// Most places can be told by their first bytes.
bool may_take(std::uint64_t at) noexcept {
  const auto* const p = reinterpret_cast<const unsigned char*>(at);
  const auto is_xchg = [](unsigned char byte) { return byte == 0x86 || byte == 0x87; };
  return *p == 0xf0 || is_xchg(*p) || ((*p & 0xf0) == 0x40 && is_xchg(p[1]));
}

/// What takes a lock looks at what was there before. The same instruction stores a whole word for everybody to see
/// (std::atomic<bool> = true), and then nobody looks.
bool is_looked_at(const unsigned char* behind_xchg) noexcept {
  const unsigned char* c = behind_xchg;
  if (*c == 0x66) ++c;
  if ((*c & 0xf0) == 0x40) ++c;
  const bool test = *c == 0x84 || *c == 0x85 || *c == 0xa8 || *c == 0xa9 || *c == 0xf6 || *c == 0xf7;
  const bool compare = (*c >= 0x38 && *c <= 0x3d) || *c == 0x80 || *c == 0x81 || *c == 0x83;
  const bool change = *c == 0x24 || *c == 0x25 || *c == 0x34 || *c == 0x35;
  const bool copy = (*c >= 0x88 && *c <= 0x8b) || (*c == 0x0f && (c[1] == 0xb6 || c[1] == 0xb7));
  return test || compare || change || copy;
}

/// lock cmpxchg, lock bts, xchg: what takes a lock.
std::optional<lock_word> taking(const instruction& i, const registers& now) noexcept {
  const unsigned char* const c = i.code;
  std::optional<lock_word> found;
  if (i.has_lock && c[0] == 0x0f && (c[1] == 0xb0 || c[1] == 0xb1))
    found = i.end_with(2, 0, 0, c[1] == 0xb0 ? 1 : i.wide(), now);
  else if (i.has_lock && c[0] == 0x0f && c[1] == 0xba && i.digit(2) == 5)
    found = i.end_with(2, 1, 0, i.wide(), now);
  else if (const auto in_memory = c[0] == 0x86 || c[0] == 0x87 ? operand_at(c + 1, i.rex, now) : std::nullopt)
    return is_looked_at(c + 1 + in_memory->size) ? i.end_with(1, 0, 0, c[0] == 0x86 ? 1 : i.wide(), now) : std::nullopt;
  if (found) found->is_sure = true;
  return found;
}

/// lock sub/and/dec/btr, xchg, mov: what gives it back. A store gives back the whole of it. What adds to a word is no
/// end of a lock, but a semaphore's or a counter's.
std::optional<lock_word> giving_back(const instruction& i, const registers& now) noexcept {
  const unsigned char* const c = i.code;
  constexpr std::uint64_t any = ~std::uint64_t{0};
  constexpr unsigned add = 0, bit_and = 4, sub = 5, dec = 1, btr = 6;
  if (i.has_lock && (c[0] == 0x80 || c[0] == 0x81 || c[0] == 0x83)) {
    const unsigned how = i.digit(1);
    if (how != add && how != bit_and && how != sub) return std::nullopt;
    const unsigned width = c[0] == 0x80 ? 1 : i.wide();
    const std::size_t immediate = c[0] == 0x81 ? 4 : 1;
    const auto found = operand_at(c + 1, i.rex, now);
    if (!found) return std::nullopt;
    const unsigned char* const p = c + 1 + found->size;
    const auto number = immediate == 4 ? std::int64_t{number_at(p)} : std::int64_t{static_cast<signed char>(*p)};
    if (how != bit_and && (how == add) != (number < 0)) return std::nullopt;
    const auto bits = static_cast<std::uint64_t>(how == bit_and ? ~number : number < 0 ? -number : number);
    return i.end_with(1, immediate, bits, width, now);
  }
  if (i.has_lock && (c[0] == 0xfe || c[0] == 0xff) && i.digit(1) == dec)
    return i.end_with(1, 0, any, c[0] == 0xfe ? 1 : i.wide(), now);
  if (i.has_lock && c[0] == 0x0f && c[1] == 0xba && i.digit(2) == btr) return i.end_with(2, 1, any, i.wide(), now);
  if (c[0] == 0x86 || c[0] == 0x87) return i.end_with(1, 0, any, c[0] == 0x86 ? 1 : i.wide(), now);
  if (c[0] == 0x88 || c[0] == 0x89) return i.end_with(1, 0, any, c[0] == 0x88 ? 1 : i.wide(), now);
  if ((c[0] == 0xc6 || c[0] == 0xc7) && i.digit(1) == 0)
    return i.end_with(1, c[0] == 0xc6 ? 1 : 4, any, c[0] == 0xc6 ? 1 : i.wide(), now);
  return std::nullopt;
}

/// Without the prefix that belongs to it, an instruction is another: of half a pointer, or with other registers.
bool has_prefix_in_front(std::uint64_t at) noexcept {
  const auto* const p = reinterpret_cast<const unsigned char*>(at);
  return *p != 0xf0 && (*p & 0xf0) != 0x40 && (p[-1] & 0xf0) == 0x40;
}

/// If it is further away than that, the thread may be near a section that another thread is in, time and again.
bool may_be_between(std::uint64_t taken_at, std::uint64_t given_at, std::uint64_t here) noexcept {
  const auto is_within = [](std::uint64_t distance, std::uint64_t limit) { return distance + limit <= 2 * limit; };
  return (is_within(taken_at - here, both_near) && is_within(given_at - here, both_near)) ||
         here - taken_at <= one_very_near || given_at - here <= one_very_near;
}

/// Local variables are near the stack pointer, and any code stores to them.
bool is_on_own_stack(std::uint64_t address, const registers& now) noexcept {
  constexpr std::uint64_t below = 4096, above = 1 << 20;
  return address - (static_cast<std::uint64_t>(now[REG_RSP]) - below) < below + above;
}

}  // namespace

// Where instructions begin is not known, so each byte is tried. What is no instruction hardly ever names the address of
// a lock that is taken; and if it does, the thread is asked once more. The end of a section may come before its begin,
// because the compiler moves what is rare out of the way; so the thread may also be near a section that somebody else
// is in, and is asked once more, too.
spin_lock spin_lock_near(const void* ucontext) noexcept {
  const registers& now = static_cast<const ucontext_t*>(ucontext)->uc_mcontext.gregs;
  const auto here = static_cast<std::uint64_t>(now[REG_RIP]);
  // Read where it is: a copy would take room on a stack that may have little.
  const code_around code(here);
  struct taker {
    std::uint64_t at, address;
    bool is_sure;
  };
  constexpr std::size_t most = 32;
  taker takers[most];
  std::size_t count = 0;
  // The nearest first: of distant ones there may be too many.
  for (std::uint64_t distance = 0; distance <= reach && count < most; ++distance)
    for (const std::uint64_t at : {here - distance, here + distance}) {
      if (at < code.begin || at >= code.end || count == most || !may_take(at)) continue;
      if (const auto end = taking({at}, now)) takers[count++] = {at, end->address, end->is_sure};
    }
  if (count == 0) return spin_lock::none;
  spin_lock found = spin_lock::none;
  for (std::uint64_t at = code.begin; at < code.end; ++at) {
    if (at != code.begin && has_prefix_in_front(at)) continue;  // in front of that may be nothing: of the vDSO, say
    const auto end = giving_back({at}, now);
    if (!end || is_on_own_stack(end->address, now)) continue;
    for (std::size_t k = 0; k < count; ++k)
      // An exchange whose result is looked at can be read both ways; a flag that says "done once" has that one alone.
      if (takers[k].address == end->address && at - takers[k].at + 1 > 2 && may_be_between(takers[k].at, at, here))
        found = std::max(found, look_at({end->address, end->locked, end->width, takers[k].is_sure}));
    if (found == spin_lock::taken) break;
  }
  return found;
}

#else

spin_lock spin_lock_near(const void*) noexcept { return spin_lock::none; }

#endif

}  // namespace curfew::inline v1::detail::os

#endif

// SPDX-License-Identifier: Apache-2.0
#include "dump/call_sites.hpp"

#include <cstring>

namespace curfew::tool::dump {

#if defined(__x86_64__)

namespace {

template <class Number>
Number number_at(const unsigned char* bytes) {
  Number number;
  std::memcpy(&number, bytes, sizeof number);
  return number;
}

/// What lies in the slot that `offset` leads to from the address behind its instruction.
std::uint64_t in_slot(const memory& process, std::uint64_t behind, std::int32_t offset) {
  std::uint64_t slot = 0;
  const auto at = behind + static_cast<std::uint64_t>(static_cast<std::int64_t>(offset));
  return process.read_now(at, &slot, sizeof slot) ? slot : 0;
}

/// The function that an entry of the procedure linkage table leads to; the address itself where it is no such entry.
std::uint64_t behind_linkage(const memory& process, std::uint64_t code) {
  unsigned char bytes[16];
  if (!process.read_now(code, bytes, sizeof bytes)) return code;
  constexpr unsigned char mark[] = {0xf3, 0x0f, 0x1e, 0xfa};  // endbr64
  std::size_t at = std::memcmp(bytes, mark, sizeof mark) == 0 ? sizeof mark : 0;
  if (bytes[at] == 0xf2) ++at;                                  // bnd
  if (bytes[at] != 0xff || bytes[at + 1] != 0x25) return code;  // jmp *offset(%rip)
  return in_slot(process, code + at + 6, number_at<std::int32_t>(bytes + at + 2));
}

/// The function that was called by the instruction before `back`; 0: that cannot be said.
std::uint64_t called_before(const memory& process, std::uint64_t back) {
  unsigned char bytes[6];
  if (!process.read_now(back - sizeof bytes, bytes, sizeof bytes)) return 0;
  const auto offset = number_at<std::int32_t>(bytes + 2);
  if (bytes[0] == 0xff && bytes[1] == 0x15) return in_slot(process, back, offset);  // call *offset(%rip)
  if (bytes[1] != 0xe8) return 0;                                                   // call offset
  return behind_linkage(process, back + static_cast<std::uint64_t>(static_cast<std::int64_t>(offset)));
}

}  // namespace

void name_by_call_sites(std::vector<frame>& stack, symbols& of, const memory& process) {
  for (std::size_t i = 0; i + 1 < stack.size(); ++i) {
    if (!stack[i].function.empty() || stack[i].module.empty()) continue;
    const std::uint64_t called = called_before(process, stack[i + 1].address + 1);
    if (called == 0) continue;
    const frame& outermost = of.at(called).back();
    // A stub of another module has jumped on to who knows where.
    if (outermost.module == stack[i].module) stack[i].function = stack[i].symbol = outermost.function;
  }
}

#else

void name_by_call_sites(std::vector<frame>&, symbols&, const memory&) {}

#endif

}  // namespace curfew::tool::dump

// SPDX-License-Identifier: Apache-2.0
// The table of symbols that the library itself looks into, for the destructor that hangs.
#include "harness.hpp"

#include "os/symbols_linux.cpp"

CURFEW_FUZZ_TARGET(elf_in_process) {
  using namespace curfew::detail::os;
  static const fuzz::memory_file file;
  file.set(input);
  const mapped_file mapped(file.path().c_str());
  for (const std::uintptr_t offset : {std::uintptr_t{0}, std::uintptr_t{0x1000}, std::uintptr_t{0x1139}}) {
    std::uintptr_t into = 0;
    if (const char* const name = look_up(mapped, offset, 0x400000, into)) {
      symbol_text text;
      append_name(text, name, into);
    }
  }
}

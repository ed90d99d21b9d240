// SPDX-License-Identifier: Apache-2.0
// The files of a process, ELF and DWARF: the input is the file, and it is asked for functions, statics and locals all
// over.
#include "symbols/symbols.hpp"

#include "harness.hpp"

#include <elfutils/libdwfl.h>

/// Of a file without debug information: no other is looked for beside it, and all over the system.
extern "C" int __wrap_dwfl_standard_find_debuginfo(Dwfl_Module*, void**, const char*, GElf_Addr,  // NOLINT
                                                   const char*, const char*, GElf_Word, char**) {
  return -1;
}

CURFEW_FUZZ_TARGET(symbols) {
  static const fuzz::memory_file file;
  file.set(input);
  constexpr std::uint64_t begin = 0x10000, end = 0x20000;
  curfew::tool::symbols names("00010000-00020000 r-xp 00000000 08:01 1 " + file.path() + "\n");
  for (std::uint64_t address = begin; address < end; address = address * 2 - begin + 24) {
    names.at(address);
    names.object_at(address);
    names.local_at(0x7ffd0010, 0x7ffd0000, 0x7ffd0100, address);
  }
  names.thread_object_at(0x7f00001000, 0x7f00001040);
}

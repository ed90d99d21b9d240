// SPDX-License-Identifier: Apache-2.0
// What DWARF says of variables.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <map>
#include <string>

namespace curfew::tool {

struct variable {
  std::string file, name;
  int line = 0;
};

/// The name of a function or a variable, as the linker has it where it is known.
const char* name_of(Dwarf_Die*);
/// Where the variables of a unit that have a fixed address are declared.
void collect_variables(Dwarf_Die* unit, Dwarf_Addr bias, std::map<Dwarf_Addr, variable>& to);

/// A frame on the stack: from its lowest address to what was above it.
struct stack_range {
  std::uint64_t begin = 0, end = 0;
};
/// The local variable around an address in the frame of a function that has an unchanging place there: how far behind
/// its beginning the address lies, and its size in `size`; -1: there is none.
std::int64_t find_local_variable(Dwarf_Die* function, stack_range, std::uint64_t address, variable& to,
                                 std::uint64_t& size);

}  // namespace curfew::tool

// SPDX-License-Identifier: Apache-2.0
// What DWARF says of variables.
#pragma once

#include <elfutils/libdw.h>

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

}  // namespace curfew::tool

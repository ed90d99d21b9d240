// SPDX-License-Identifier: Apache-2.0
#include "check/symbols/variables.hpp"

#include <dwarf.h>

namespace curfew::tool {

const char* name_of(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  for (const unsigned name : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name})
    if (dwarf_attr_integrate(die, name, &attribute) != nullptr)
      if (const char* const text = dwarf_formstring(&attribute)) return text;
  return dwarf_diename(die);
}

namespace {

/// The address of a variable that has a fixed one; clang gives it by its number in a table.
bool fixed_address(Dwarf_Die* of, Dwarf_Addr& to) {
  Dwarf_Attribute location, number;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_attr(of, DW_AT_location, &location) == nullptr || dwarf_getlocation(&location, &operations, &count) != 0 ||
      count != 1)
    return false;
  to = operations[0].number;
  if (operations[0].atom == DW_OP_addr) return true;
  return (operations[0].atom == DW_OP_addrx || operations[0].atom == DW_OP_GNU_addr_index) &&
         dwarf_getlocation_attr(&location, &operations[0], &number) == 0 && dwarf_formaddr(&number, &to) == 0;
}

/// The file of a declaration. From DWARF 5 on the first one has the number 0, which libdw takes for none.
std::string declared_in(Dwarf_Die& die) {
  if (const char* const file = dwarf_decl_file(&die)) return file;
  Dwarf_Attribute attribute;
  Dwarf_Word number = 1;
  Dwarf_Die unit;
  Dwarf_Files* files = nullptr;
  if (dwarf_formudata(dwarf_attr_integrate(&die, DW_AT_decl_file, &attribute), &number) != 0 || number != 0 ||
      dwarf_diecu(&die, &unit, nullptr, nullptr) == nullptr || dwarf_getsrcfiles(&unit, &files, nullptr) != 0)
    return {};
  const char* const file = dwarf_filesrc(files, 0, nullptr, nullptr);
  return file != nullptr ? file : "";
}

}  // namespace

void collect_variables(Dwarf_Die* die, Dwarf_Addr bias, std::map<Dwarf_Addr, variable>& to) {
  Dwarf_Die child;
  if (dwarf_child(die, &child) != 0) return;
  do {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_variable) {
      Dwarf_Addr address = 0;
      if (!fixed_address(&child, address)) continue;
      variable found;
      Dwarf_Attribute attribute;
      Dwarf_Word line = 0;
      if (dwarf_formudata(dwarf_attr_integrate(&child, DW_AT_decl_line, &attribute), &line) == 0)
        found.line = static_cast<int>(line);
      Dwarf_Die origin = child;
      for (const unsigned link : {DW_AT_abstract_origin, DW_AT_specification})
        if (Dwarf_Die next; dwarf_formref_die(dwarf_attr(&origin, link, &attribute), &next) != nullptr) origin = next;
      found.file = declared_in(origin);
      if (const char* const name = name_of(&child)) found.name = name;
      to.emplace(address + bias, found);
    } else if (tag == DW_TAG_namespace || tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block ||
               tag == DW_TAG_inlined_subroutine || tag == DW_TAG_structure_type || tag == DW_TAG_class_type) {
      collect_variables(&child, bias, to);
    }
  } while (dwarf_siblingof(&child, &child) == 0);
}

}  // namespace curfew::tool

// SPDX-License-Identifier: Apache-2.0
#include "symbols/variables.hpp"

#include "symbols/elfutils.hpp"

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

/// The only operation of a location.
bool only_operation(Dwarf_Die* of, unsigned attribute_name, Dwarf_Op& to) {
  Dwarf_Attribute location;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_attr(of, attribute_name, &location) == nullptr || dwarf_getlocation(&location, &operations, &count) != 0 ||
      count != 1)
    return false;
  to = operations[0];
  return true;
}

/// What a function's local variables are counted from.
bool frame_base(Dwarf_Die* function, const stack_range& frame, std::uint64_t& to) {
  Dwarf_Op base;
  if (!only_operation(function, DW_AT_frame_base, base)) return false;
  switch (base.atom) {
    case DW_OP_call_frame_cfa:
      to = frame.end;
      return true;
    case DW_OP_reg6:  // x86-64's frame pointer, which is saved below the address that main returns to
    case DW_OP_breg6:
      to = frame.end - 16 + (base.atom == DW_OP_breg6 ? base.number : 0);
      return true;
    case DW_OP_reg7:  // its stack pointer
    case DW_OP_breg7:
      to = frame.begin + (base.atom == DW_OP_breg7 ? base.number : 0);
      return true;
    default:
      return false;
  }
}

std::uint64_t size_of_type(Dwarf_Die* of) {
  Dwarf_Attribute attribute;
  Dwarf_Die type;
  Dwarf_Word size = 0;
  if (dwarf_formref_die(dwarf_attr_integrate(of, DW_AT_type, &attribute), &type) == nullptr ||
      dwarf_aggregate_size(&type, &size) != 0 || size == 0)
    return sizeof(void*);
  return size;
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

/// Where and as what a variable is declared.
variable declaration_of(Dwarf_Die* die) {
  variable found;
  Dwarf_Attribute attribute;
  Dwarf_Word line = 0;
  if (dwarf_formudata(dwarf_attr_integrate(die, DW_AT_decl_line, &attribute), &line) == 0)
    found.line = static_cast<int>(line);
  Dwarf_Die origin = *die;
  for (const unsigned link : {DW_AT_abstract_origin, DW_AT_specification})
    if (Dwarf_Die next; dwarf_formref_die(dwarf_attr(&origin, link, &attribute), &next) != nullptr) origin = next;
  found.file = declared_in(origin);
  if (const char* const name = name_of(die)) found.name = name;
  return found;
}

std::int64_t find_in_scope(Dwarf_Die* scope, std::uint64_t base, std::uint64_t address, variable& to,
                           std::uint64_t& size) {
  Dwarf_Die child;
  if (dwarf_child(scope, &child) != 0) return -1;
  do {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_variable || tag == DW_TAG_formal_parameter) {
      Dwarf_Op place;
      if (!only_operation(&child, DW_AT_location, place) || place.atom != DW_OP_fbreg) continue;
      const std::uint64_t begin = base + place.number;
      size = size_of_type(&child);
      if (address < begin || address >= begin + size) continue;
      to = declaration_of(&child);
      return static_cast<std::int64_t>(address - begin);
    }
    if (tag != DW_TAG_lexical_block && tag != DW_TAG_inlined_subroutine) continue;
    if (const std::int64_t behind = find_in_scope(&child, base, address, to, size); behind >= 0) return behind;
  } while (dwarf_siblingof(&child, &child) == 0);
  return -1;
}

}  // namespace

std::int64_t find_local_variable(Dwarf_Die* function, stack_range frame, std::uint64_t address, variable& to,
                                 std::uint64_t& size) {
  std::uint64_t base = 0;
  return frame_base(function, frame, base) ? find_in_scope(function, base, address, to, size) : -1;
}

void collect_variables(Dwarf_Die* die, Dwarf_Addr bias, std::map<Dwarf_Addr, variable>& to) {
  Dwarf_Die child;
  if (dwarf_child(die, &child) != 0) return;
  do {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_variable) {
      Dwarf_Addr address = 0;
      if (!fixed_address(&child, address)) continue;
      to.emplace(address + bias, declaration_of(&child));
    } else if (tag == DW_TAG_namespace || tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block ||
               tag == DW_TAG_inlined_subroutine || tag == DW_TAG_structure_type || tag == DW_TAG_class_type) {
      collect_variables(&child, bias, to);
    }
  } while (dwarf_siblingof(&child, &child) == 0);
}

}  // namespace curfew::tool

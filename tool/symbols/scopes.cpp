// SPDX-License-Identifier: Apache-2.0
#include "symbols/scopes.hpp"

#include <dwarf.h>
#include "symbols/elfutils.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace curfew::tool {
namespace {

/// The function that has the code, wherever it is written, and then what was inlined into it there.
bool find_function(Dwarf_Die* in, Dwarf_Addr address, std::vector<Dwarf_Die>& to) {
  Dwarf_Die child;
  if (dwarf_child(in, &child) != 0) return false;
  do {
    const int tag = dwarf_tag(&child);
    const bool is_code = tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block;
    if (is_code && dwarf_haspc(&child, address) > 0) {
      to.push_back(child);
      find_function(&child, address, to);
      return true;
    }
    const bool may_have_it =
        tag == DW_TAG_namespace || tag == DW_TAG_structure_type || tag == DW_TAG_class_type || (is_code && to.empty());
    if (may_have_it && find_function(&child, address, to)) return true;
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

/// libdw does not look inside of functions that lie elsewhere, and a lambda's function is written inside of the one
/// that has it.
int hidden_scopes_at(Dwarf_Die* unit, Dwarf_Addr address, Dwarf_Die*& scopes) {
  std::vector<Dwarf_Die> found;
  if (!find_function(unit, address, found)) return 0;
  scopes = static_cast<Dwarf_Die*>(std::malloc(found.size() * sizeof(Dwarf_Die)));
  if (scopes == nullptr) return 0;
  std::ranges::reverse_copy(found, scopes);
  return static_cast<int>(found.size());
}

}  // namespace

int scopes_at(Dwarf_Die* unit, Dwarf_Addr address, Dwarf_Die*& scopes) {
  Dwarf_Die* written = nullptr;
  if (dwarf_getscopes(unit, address, &written) <= 0) return hidden_scopes_at(unit, address, scopes);
  // Those are the scopes as they are written.
  const int count = dwarf_getscopes_die(&written[0], &scopes);
  std::free(written);
  return count;
}

}  // namespace curfew::tool

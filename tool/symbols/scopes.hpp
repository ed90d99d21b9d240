// SPDX-License-Identifier: Apache-2.0
// Which function code belongs to, and what was inlined there.
#pragma once

#include <elfutils/libdw.h>

namespace curfew::tool {

/// The scopes that the code at an address was put into, innermost first. Returns how many; `scopes` is to be freed.
int scopes_at(Dwarf_Die* unit, Dwarf_Addr address, Dwarf_Die*& scopes);

}  // namespace curfew::tool

// SPDX-License-Identifier: Apache-2.0
// Names for frames whose module has none for them, from the instructions that called them.
#pragma once

#include "dump/memory.hpp"
#include "symbols/symbols.hpp"

#include <vector>

namespace curfew::tool::dump {

/// `stack`: innermost first. A function of the C library may end by jumping into another one that has no name: no frame
/// of its own is left then, and only the instruction that called it says which it was.
void name_by_call_sites(std::vector<frame>& stack, symbols& of, const memory& process);

}  // namespace curfew::tool::dump

// SPDX-License-Identifier: Apache-2.0
// libdw and libelf, loaded when the first of their functions is needed: `curfew run` needs none, and would take a third
// longer to start a program if its own process had to load six libraries before that.
//
// Each function is here under its own name, as a pointer: a call in this namespace goes through it.
#pragma once

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>
#include <libelf.h>

namespace curfew::tool {

#define CURFEW_FUNCTION(name) extern decltype(&::name) name;
#include "symbols/elfutils_functions.def"
#undef CURFEW_FUNCTION

/// Call it before any of them; again, it does nothing. Throws std::runtime_error where the libraries are not there, or
/// lack one of the functions.
void load_elfutils();

}  // namespace curfew::tool

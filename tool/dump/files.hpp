// SPDX-License-Identifier: Apache-2.0
// The files that a process has mapped, also in another mount namespace, and when their names are gone.
#pragma once

#include "dump/memory.hpp"
#include "dump/target.hpp"

namespace curfew::tool::dump {

/// A descriptor; -1: nobody can open it.
int open_file_of(const target&, const mapping&);

}  // namespace curfew::tool::dump

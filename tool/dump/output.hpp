// SPDX-License-Identifier: Apache-2.0
// A dump for people, and for programs.
#pragma once

#include "dump/process.hpp"

#include <iosfwd>

namespace curfew::tool::dump {

void print_text(std::ostream&, const dumped_process&);
/// The schema "curfew.dump/1": docs/dump.md.
void print_json(std::ostream&, const dumped_process&);

}  // namespace curfew::tool::dump

// SPDX-License-Identifier: Apache-2.0
// Saying what was found: to people, to programs, as a page.
#pragma once

#include "check/findings/finding.hpp"

#include <iosfwd>

namespace curfew::tool {

void print_text(std::ostream&, const check_result&, bool colour);
void print_json(std::ostream&, const check_result&);
/// One page that needs no other file.
void print_html(std::ostream&, const check_result&);

}  // namespace curfew::tool

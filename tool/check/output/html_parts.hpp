// SPDX-License-Identifier: Apache-2.0
// What the page is made of.
#pragma once

#include "check/findings/finding.hpp"

#include <iosfwd>
#include <string>

namespace curfew::tool {

/// Escaped, and what stands between back quotes as code.
std::string html_text(const std::string& text);
/// Milliseconds, as precisely as it can be read.
std::string html_ms(double ms);
void print_html_findings(std::ostream&, const check_result&);
void print_html_timeline(std::ostream&, const exit_story&);
extern const char* const html_style;

}  // namespace curfew::tool

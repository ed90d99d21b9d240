// SPDX-License-Identifier: Apache-2.0
// Findings that are known and allowed.
#pragma once

#include "check/findings/finding.hpp"

#include <istream>
#include <string>
#include <vector>

namespace curfew::tool {

/// A line of a suppressions file: `FINDING [static=PATTERN] [thread=PATTERN] [function=PATTERN] [file=PATTERN]
/// [module=PATTERN]`. All that is named has to match, as a shell's pattern does; FINDING may be one, too. A blank in a
/// pattern is written `?`; `#` begins a comment.
struct suppression {
  std::string kind;
  std::vector<std::pair<std::string, std::string>> conditions;
};

/// Throws `failure` with the line that is wrong.
std::vector<suppression> read_suppressions(std::istream&, const std::string& name);
bool allows(const suppression&, const finding&);

}  // namespace curfew::tool

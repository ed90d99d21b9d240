// SPDX-License-Identifier: Apache-2.0
// Times as options have them: a whole number with ms, s or m.
#pragma once

#include <string>

namespace curfew::tool {

/// Empty when it is one, otherwise what is wrong.
std::string check_time(const std::string&);
/// Of one that `check_time` has let through.
unsigned long milliseconds(const std::string&);

}  // namespace curfew::tool

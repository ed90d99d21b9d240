// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace curfew::tool {

/// As text or an attribute's value, in XML and in HTML. Names come from files that may hold anything: what neither form
/// can say is left out, and bytes that are no UTF-8 are replaced.
std::string escaped(const std::string& text);

}  // namespace curfew::tool

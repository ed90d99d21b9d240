// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace curfew::tool {

/// Makes the file that an option names, empty, so that it is known before the program runs whether it can be written.
/// Nothing for "" and "-" (standard output). Throws `failure`.
void empty_file(const std::string& path);

}  // namespace curfew::tool

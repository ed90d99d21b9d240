// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace curfew::tool {

/// For an option that names a file: empty when it does, otherwise what is wrong.
std::string check_file(const std::string& path);

/// Makes the file that an option names, empty, so that it is known before the program runs whether it can be written.
/// Nothing for "" and "-" (standard output). Throws `failure`, with the option's name, also when it is the program
/// itself.
void empty_file(const std::string& path, const char* option, const std::string& program);

}  // namespace curfew::tool

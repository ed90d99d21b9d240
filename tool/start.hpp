// SPDX-License-Identifier: Apache-2.0
// Becoming the program: no process stands between it and who started the command, so signals, terminal, parent and
// status are what they are without it.
#pragma once

#include <string>
#include <vector>

namespace curfew::tool {

/// What a subcommand is given behind its options: the program and its arguments.
using command_line = std::vector<std::string>;

/// Replaces this process by the program at `path`. Throws `failure` (126, 127) when that cannot be done.
[[noreturn]] void become(const std::string& path, const command_line&);

/// Sets a variable of this process's environment, for the program.
void set_variable(const char* name, const std::string& value);

}  // namespace curfew::tool

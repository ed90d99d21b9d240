// SPDX-License-Identifier: Apache-2.0
// The subcommands. Each is a file of its own, which adds its name, its options and what it does.
#pragma once

namespace CLI {
class App;
}

namespace curfew::tool {

void add_run(CLI::App&);
void add_check(CLI::App&);

}  // namespace curfew::tool

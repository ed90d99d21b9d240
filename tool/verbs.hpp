// SPDX-License-Identifier: Apache-2.0
// The subcommands. Each is a file of its own, which adds its name, its options and what it does.
#pragma once

namespace curfew::tool {

class command;

void add_run(command&);
void add_check(command&);
void add_dump(command&);
void add_symbolize(command&);
void add_timeline(command&);

}  // namespace curfew::tool

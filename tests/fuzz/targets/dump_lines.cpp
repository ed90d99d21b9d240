// SPDX-License-Identifier: Apache-2.0
// The lines of a dump that `curfew symbolize` reads.
#include "harness.hpp"

#include <sstream>

#include "tool/symbolize.cpp"

CURFEW_FUZZ_TARGET(dump_lines) {
  using namespace curfew::tool;
  std::istringstream lines{std::string(input)};
  for (std::string line; std::getline(lines, line);) {
    const auto found = find_address(line);
    if (!found) continue;
    if (found->begin + found->size > line.size() || found->path.empty()) std::abort();
    std::ostringstream out;
    frame named;
    named.function = named.symbol = "run()";
    named.file = "run.cpp";
    print(out, line, *found, {named}, true);
  }
}

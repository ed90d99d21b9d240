// SPDX-License-Identifier: Apache-2.0
// A file of suppressions, and what its patterns match.
#include "check/findings/suppressions.hpp"
#include "failure.hpp"
#include "harness.hpp"

#include <sstream>

CURFEW_FUZZ_TARGET(suppressions) {
  using namespace curfew::tool;
  finding found;
  found.kind = "static-used-after-destruction";
  found.object.name = "sessions";
  found.object.file = "/src/sessions.cpp";
  found.threads.push_back({.number = 1,
                           .name = "worker",
                           .role = "used it",
                           .kind = "detached",
                           .created_at = {},
                           .created_stack = {},
                           .stack = {{.function = "run()", .symbol = {}, .file = "/src/run.cpp"}}});
  std::istringstream text{std::string(input)};
  try {
    for (const auto& one : read_suppressions(text, "file")) allows(one, found);
  } catch (const failure&) {  // says which line is wrong
  }
}

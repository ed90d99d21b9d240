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
  frame where;
  where.function = "run()";
  where.file = "/src/run.cpp";
  involved_thread& thread = found.threads.emplace_back();
  thread.number = 1;
  thread.name = "worker";
  thread.stack.push_back(where);
  std::istringstream text{std::string(input)};
  try {
    for (const auto& one : read_suppressions(text, "file")) allows(one, found);
  } catch (const failure&) {  // says which line is wrong
  }
}

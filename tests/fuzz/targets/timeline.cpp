// SPDX-License-Identifier: Apache-2.0
// The timeline of an exit, as `curfew timeline` reads it, and the page that is made of it.
#include "check/output/output.hpp"
#include "failure.hpp"
#include "harness.hpp"
#include "timeline/trace.hpp"

#include <sstream>

CURFEW_FUZZ_TARGET(timeline) {
  using namespace curfew::tool;
  std::istringstream in{std::string(input)};
  try {
    check_result result;
    result.story = read_trace(in, "file").story;
    result.exit_seen = result.loaded = true;
    std::ostringstream out;
    print_html(out, result, {.arguments = {"program"}});
  } catch (const failure&) {  // says which line is wrong
  }
}

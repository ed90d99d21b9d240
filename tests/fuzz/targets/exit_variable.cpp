// SPDX-License-Identifier: Apache-2.0
// The variable CURFEW_EXIT.
#include "harness.hpp"

#include "exit/options.cpp"

#include <cstdlib>

CURFEW_FUZZ_TARGET(exit_variable) {
  using namespace curfew;
  exit_options options;
  std::string_view problem;
  if (detail::parse_exit_options(input, options, problem)) return;
  // What is wrong is a part of the text, and nothing was set.
  const bool inside = problem.data() == nullptr || (problem.data() >= input.data() &&
                                                    problem.data() + problem.size() <= input.data() + input.size());
  if (!inside || options.report != exit_options{}.report) std::abort();
  detail::os::small_text<512> line;
  detail::explain(line, problem);
}

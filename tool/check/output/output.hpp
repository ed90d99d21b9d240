// SPDX-License-Identifier: Apache-2.0
// Saying what was found: to people, to programs, as a page.
#pragma once

#include "check/findings/finding.hpp"

#include <ctime>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace curfew::tool {

void print_text(std::ostream&, const check_result&, bool colour);
void print_json(std::ostream&, const check_result&);
/// `fails`: whether a finding is a failure of its test case.
void print_junit(std::ostream&, const check_result&, const std::function<bool(const finding&)>& fails);
void print_sarif(std::ostream&, const check_result&);
/// Of an exit that was not checked.
std::string why_not_seen(const check_result&);
/// What was run, and when: what the record does not know.
struct checked_run {
  std::vector<std::string> arguments;  ///< the program's name is the first
  std::time_t date = 0;
  unsigned times = 1;
};
/// One page that needs no other file.
void print_html(std::ostream&, const check_result&, const checked_run&);

}  // namespace curfew::tool

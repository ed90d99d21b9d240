// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "check/findings/finding.hpp"
#include "check/reading/record_view.hpp"

namespace curfew::tool {

/// How a program ended.
struct program_end {
  int status = 0;  ///< as a shell has it
  int signal = 0;  ///< that it died of; 0: none
};

/// Makes findings of what was recorded.
check_result interpret(record_view&, const std::string& program, program_end);

}  // namespace curfew::tool

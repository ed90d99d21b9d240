// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "check/finding.hpp"
#include "check/record_view.hpp"

namespace curfew::tool {

/// Makes findings of what was recorded. `status` as a shell has it.
check_result interpret(record_view&, const std::string& program, int status);

}  // namespace curfew::tool

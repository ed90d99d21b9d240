// SPDX-License-Identifier: Apache-2.0
// What several runs of one program have shown, as one result.
#pragma once

#include "check/findings/finding.hpp"

namespace curfew::tool {

/// Adds what another run has shown: a finding that an earlier one had is counted there.
void fold(check_result& all, check_result&& one);

}  // namespace curfew::tool

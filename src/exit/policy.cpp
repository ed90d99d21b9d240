// SPDX-License-Identifier: Apache-2.0
// Nothing else may stand in this file: see exit_policy.
#include "exit/policy.hpp"

namespace curfew::inline v1::detail {

constinit exit_policy policy;

}  // namespace curfew::inline v1::detail

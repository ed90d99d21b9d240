// SPDX-License-Identifier: Apache-2.0
// Nothing else may stand in this file: see exit_manner.
#include "exit/manner.hpp"

namespace curfew::inline v1::detail {

constinit exit_manner manner;

}  // namespace curfew::inline v1::detail

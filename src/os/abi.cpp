// SPDX-License-Identifier: Apache-2.0
#include <curfew/detail/abi.hpp>

namespace curfew::inline v1::detail {

constinit const char CURFEW_BUILT_WITH = 0;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail {

void forget_requests_after_fork() noexcept;

}  // namespace curfew::inline v1::detail

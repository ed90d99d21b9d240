// SPDX-License-Identifier: Apache-2.0
#include <curfew/sync/condition.hpp>

#include "sync/parking.hpp"

namespace curfew::inline v1 {

void condition::wake(std::uint32_t most) noexcept { detail::wake_at(this, most); }

}  // namespace curfew::inline v1

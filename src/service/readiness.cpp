// SPDX-License-Identifier: Apache-2.0
#include <curfew/service/readiness.hpp>

#include "exit/state.hpp"

#include <curfew/exit.hpp>

namespace curfew::inline v1 {

bool readiness::ready() const noexcept { return set_.load() && !exit_requested() && !detail::exit_has_begun(); }

}  // namespace curfew::inline v1

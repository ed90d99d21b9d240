// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exit/state.hpp"
#include "registry/record.hpp"

namespace curfew::inline v1::detail {

/// Frozen for good, so that its end will never come.
inline bool can_never_end(const record& r) noexcept {
  return exit_now.now.load() == phase::frozen && r.over.load() == 0 &&
         r.cell.order.load() != static_cast<std::uint32_t>(os::freeze_order::run);
}

}  // namespace curfew::inline v1::detail

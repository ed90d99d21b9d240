// SPDX-License-Identifier: Apache-2.0
#include "os/module_table.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

void module_table::read() noexcept { missing(); }
const module_range* module_table::find(std::uintptr_t) const noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os

// SPDX-License-Identifier: Apache-2.0
#include "os/standard_descriptor.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

void note_standard_descriptors() noexcept { missing(); }
int standard_descriptor(int) noexcept { missing(); }
bool can_be_written(int, steady_time) noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os

// SPDX-License-Identifier: Apache-2.0
#include "os/readable.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

wake_event::wake_event() { missing(); }
wake_event::~wake_event() { missing(); }
void wake_event::wake() const noexcept { missing(); }

readable wait_readable(int, const wake_event*, steady_time) { missing(); }
std::ptrdiff_t read_some(int, char*, std::size_t) { missing(); }

}  // namespace curfew::inline v1::detail::os

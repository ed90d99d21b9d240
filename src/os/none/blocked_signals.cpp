// SPDX-License-Identifier: Apache-2.0
#include "os/blocked_signals.hpp"
#include "os/none/missing.hpp"

namespace curfew::inline v1::detail::os {

blocked_signals::~blocked_signals() { missing(); }
void blocked_signals::block() noexcept { missing(); }
bool blocked_signals::is_asked() const noexcept { missing(); }
bool blocked_signals::answer() noexcept { missing(); }
void blocked_signals::drop() noexcept { missing(); }
unsigned long blocked_signals::asking() const noexcept { missing(); }

}  // namespace curfew::inline v1::detail::os

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace curfew::tool {

/// Calls it with a stack of the usual size, whatever limit of stacks the command was started with (and starts programs
/// with): on a thread of its own where that limit is low. What it throws is thrown here.
void with_stack_room(const std::function<void()>&);

}  // namespace curfew::tool

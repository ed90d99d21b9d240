// SPDX-License-Identifier: Apache-2.0
// The way into the exit when main returns, before the C library's exit is entered.
#pragma once

#include <curfew/forward.hpp>

namespace curfew::inline v1::detail {

/// Called in place of a return from main, by the code between main and the C library. It needs nothing of its caller's
/// frame, because a runtime may return from main on another stack.
[[noreturn]] CURFEW_API void main_has_returned(int status);

/// Is main_has_returned, and not the C library's exit, destroying main's thread_local objects at the moment?
bool main_is_outside_of_exit() noexcept;

}  // namespace curfew::inline v1::detail

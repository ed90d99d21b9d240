// SPDX-License-Identifier: Apache-2.0
// Ending the process without its static destructors: when they cannot finish, or must not begin.
#pragma once

#include "exit/helper_threads.hpp"

#include <string_view>

namespace curfew::inline v1::detail {

/// The hands that write out the streams in the end; made before anything is frozen.
void provide_hands(hands*) noexcept;
hands* provided_hands() noexcept;

/// Says why (nothing, if empty), writes out what stdio and std::cout hold, within a bound, and ends the
/// process. Allocates nothing and takes no lock itself. The first caller's status wins; others wait for the end.
[[noreturn]] void end_process(int status, std::string_view why) noexcept;

}  // namespace curfew::inline v1::detail

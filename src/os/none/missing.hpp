// SPDX-License-Identifier: Apache-2.0
// The back end of a system that has none yet. Each of its functions says that it is missing, and ends the process: a
// function that did nothing would look like one that works.
#pragma once

#include <curfew/forward.hpp>

#include <source_location>

namespace curfew::inline v1::detail::os {

/// Writes a line on stderr that names the calling function and its header, and calls std::abort.
[[noreturn]] void missing(std::source_location = std::source_location::current()) noexcept;

}  // namespace curfew::inline v1::detail::os

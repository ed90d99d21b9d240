// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace curfew::check {

/// Begins what the library does, if that has not happened yet: other libraries are initialised before this one.
void begin_early() noexcept;

}  // namespace curfew::check

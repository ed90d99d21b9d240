// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/detail/timeout.hpp>

namespace curfew::inline v1::detail::os {

/// By the kernel's clock. Async-signal-safe.
inline steady_time now_steady() noexcept { return kernel_now(); }

/// Sleeps that long, or less if a signal is handled meanwhile. Async-signal-safe; calls no function that another
/// library may replace.
void pause_for(std::chrono::nanoseconds) noexcept;

/// `at + d` without overflow: for ever stays for ever.
inline steady_time later(steady_time at, std::chrono::nanoseconds d) noexcept {
  return at >= steady_time::max() - d ? steady_time::max() : at + d;
}

}  // namespace curfew::inline v1::detail::os

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/detail/timeout.hpp>

namespace curfew::inline v1::detail::os {

/// Async-signal-safe (clock_gettime is).
inline steady_time now_steady() noexcept { return std::chrono::steady_clock::now(); }

/// `at + d` without overflow: for ever stays for ever.
inline steady_time later(steady_time at, std::chrono::nanoseconds d) noexcept {
  return at >= steady_time::max() - d ? steady_time::max() : at + d;
}

}  // namespace curfew::inline v1::detail::os

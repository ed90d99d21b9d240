// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curfew/forward.hpp>

#include <exception>
#include <string_view>

namespace curfew::inline v1::detail {

/// Writes `<what> "name" (#number): type: what()` to stderr, in one write. A number of 0 or less is left out.
void report_exception(std::string_view what, std::string_view name, const std::exception_ptr&,
                      long long number = 0) noexcept;

}  // namespace curfew::inline v1::detail

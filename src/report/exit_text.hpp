// SPDX-License-Identifier: Apache-2.0
// What an exit did, for who reads it afterwards (exit_options::report).
#pragma once

#include <curfew/exit.hpp>

#include <string_view>

namespace curfew::inline v1::detail {

/// Writes one line for each thing that was waited for, frozen or skipped. Does not allocate; called while daemons are
/// frozen. `to`: as exit_options::report.
void write_exit_report(const exit_report&, std::string_view to) noexcept;
/// Adds a line of its own.
void write_exit_line(std::string_view line, std::string_view to) noexcept;

}  // namespace curfew::inline v1::detail

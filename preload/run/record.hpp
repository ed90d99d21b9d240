// SPDX-License-Identifier: Apache-2.0
// The record of an exit: one line of JSON for each process, written when it ends. Schema `curfew.run/1`.
#pragma once

#include <curfew/exit.hpp>

#include <string_view>

namespace curfew::preload {

/// Steps 2 to 6 are over; so many of the frozen threads were at work.
void note_steps(const curfew::exit_report&, unsigned at_work) noexcept;
/// So many threads were thawed.
void note_thawed(unsigned count) noexcept;
/// Something was said.
void note_line(std::string_view) noexcept;
/// The process ends now: writes the record to where `asked()` says. Once. Async-signal-safe, allocates nothing.
void write_record(int status) noexcept;

}  // namespace curfew::preload

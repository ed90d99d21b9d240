// SPDX-License-Identifier: Apache-2.0
// A thread, in words: for the reports that an exit makes.
#pragma once

#include "os/clock.hpp"
#include "os/small_text.hpp"

#include <curfew/registry.hpp>

#include <chrono>
#include <span>

namespace curfew::inline v1::detail {

using report_text = os::small_text<6000>;

/// `"worker" (#3), regular, 12.3 s old, started at main.cpp:12, blocked in read`. Does not allocate.
/// Without the last part for a frozen thread.
void append_thread(report_text&, const thread_info&, bool runs = true) noexcept;

/// What is said while an exit waits, without a line end:
///
///     curfew: the exit has waited 2.0 s for 1 thread:
///       "worker" (#3), regular, …
void append_waiting(report_text&, std::chrono::nanoseconds waited, std::span<const thread_info> waited_for,
                    std::span<const thread_info> in_a_cycle) noexcept;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
// What every thread does, in words, when a program hangs.
#pragma once

#include <curfew/detail/timeout.hpp>
#include <curfew/dump.hpp>

namespace curfew::inline v1::detail {

/// Writes a dump for an exit whose deadline has passed: returns soon after `until`, also when nobody reads what is
/// written. Async-signal-safe.
void write_dump_until(int fd, steady_time until) noexcept;

/// Finds out how to ask threads, which allocates: so that a signal handler need not do it first.
void prepare_dumps() noexcept;

void forget_dumps_after_fork() noexcept;
void forget_writer_after_fork() noexcept;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
// Threads that nobody has seen being made, frozen under `curfew run`: the C library's own (of timers with SIGEV_THREAD,
// of asynchronous input and look-ups), those of a bare clone, and those of a pthread_create that was looked up by the
// library's handle.
#pragma once

#include "os/freeze.hpp"

#include <curfew/exit.hpp>

#include <pthread.h>

#include <span>

namespace curfew::inline v1::detail {

/// Looks for them; `known` has the cells of all threads that were seen. Returns how many are new. Takes the registry's
/// lock; does not allocate.
unsigned find_untracked_threads(std::span<os::freeze_cell* const> known) noexcept;
/// Those that are to be frozen.
std::span<os::freeze_cell* const> untracked_cells() noexcept;
/// If one of them can be joined, something will join it, perhaps an exit handler, so it is thawed for good. The C
/// library is asked about that, on the probe thread, while all of them are frozen. Returns how many were thawed.
unsigned thaw_joinable_untracked() noexcept;
/// Lists, for the report, those that are frozen, as far as there is room.
void append_untracked(std::vector<thread_info>& to) noexcept;

/// Was the thread in the middle of something, as seen from outside?
bool is_at_work(pid_t tid) noexcept;

}  // namespace curfew::inline v1::detail

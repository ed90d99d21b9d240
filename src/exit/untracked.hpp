// SPDX-License-Identifier: Apache-2.0
// Threads that nobody has seen being made, frozen under `curfew run`: the C library's own (of timers with SIGEV_THREAD,
// of asynchronous input and look-ups), those of a bare clone, those of a pthread_create that was looked up by its
// handle.
#pragma once

#include "os/freeze.hpp"

#include <curfew/exit.hpp>

#include <pthread.h>

#include <span>

namespace curfew::inline v1::detail {

/// Looks for them, `known` being the cells of all that were seen. How many are new. Takes the registry's lock; does not
/// allocate.
unsigned find_untracked_threads(std::span<os::freeze_cell* const> known) noexcept;
/// Those that are to be frozen.
std::span<os::freeze_cell* const> untracked_cells() noexcept;
/// One of them that can be joined will be joined, by an exit handler perhaps: it is thawed for good. Asked of the C
/// library, on the probe thread. All of them are frozen. How many were thawed.
unsigned thaw_joinable_untracked() noexcept;
/// For the report: those that are frozen, as far as there is room.
void append_untracked(std::vector<thread_info>& to) noexcept;

/// Was the thread in the middle of something, as seen from outside?
bool is_at_work(pid_t tid) noexcept;

}  // namespace curfew::inline v1::detail

// SPDX-License-Identifier: Apache-2.0
// Telling of accesses, equal ones once.
#pragma once

#include "check/facts/call_stack.hpp"
#include "check/memory/pages.hpp"

namespace curfew::check {

/// How something that is dead was used.
struct dead_use {
  std::uint64_t address = 0, pc = 0;
  bool written = false;     ///< the use was a write
  bool in_handler = false;  ///< in a signal's handler
};
/// Writes it down: the index of the event.
int emit_use(const dead_range&, const dead_use&, int thread, const call_stack&) noexcept;

/// Somebody uses what is dead. `context`: of the fault; null: from here. Gives the index of the event, or -1.
int note_access(const dead_range&, std::uint64_t address, std::uint64_t pc, bool write, const void* context) noexcept;

/// The calling thread has accessed a closed page, at `pc`; `event`: what `note_access` gave, or -1 where nothing dead
/// lies there. Code that reads one word after the other, of what is dead and of what lies around it, is looking for
/// pointers (a conservative collector) and does not use what it reads: the events are marked.
void note_order_of_access(std::uint64_t address, std::uint64_t pc, bool write, int event) noexcept;

}  // namespace curfew::check

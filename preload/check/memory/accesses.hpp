// SPDX-License-Identifier: Apache-2.0
// Telling of accesses, equal ones once.
#pragma once

#include "check/memory/pages.hpp"

namespace curfew::check {

/// Somebody uses what is dead. `context`: of the fault; null: from here.
void note_access(const dead_range&, std::uint64_t address, std::uint64_t pc, bool write, const void* context) noexcept;

}  // namespace curfew::check

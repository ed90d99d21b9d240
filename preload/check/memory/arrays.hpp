// SPDX-License-Identifier: Apache-2.0
// Arrays of objects: the compiler registers a function of its own for one, without the array's address. Which it is,
// shows in what the function accesses.
#pragma once

#include "check/facts/object_sizes.hpp"

#include <cstdint>

namespace curfew::check {

/// Before the function: the module's data is closed for the exiting thread, too, and what it accesses there is noted.
void watch_array_destructor(const memory_range& data) noexcept;
/// By the handler of faults, with the page open.
void note_array_access(std::uint64_t address, bool write) noexcept;
/// Gives up: others wait for it.
void stop_watching_array() noexcept;

/// Size 0: it was not found out.
struct destroyed_array {
  std::uint64_t begin = 0, size = 0;
  bool written = false, owns = false;
};
/// After it.
destroyed_array find_destroyed_array(int event) noexcept;

}  // namespace curfew::check

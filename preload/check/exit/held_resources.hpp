// SPDX-License-Identifier: Apache-2.0
// What threads leave behind: locks that they hold, streams that they hold or have not written out, memory that they
// have written to.
#pragma once

#include "check/facts/stack.hpp"

#include <cstddef>
#include <cstdint>

namespace curfew::check {

/// At the end of the exit, once all pages are open.
void look_at_held_resources() noexcept;

/// exit was called: in a signal's handler that has interrupted something?
void note_interrupted_code(const call_stack&) noexcept;

/// std::terminate during the exit: the thread whose joinable object is being destroyed, -1 if none is found.
int joinable_in_destruction() noexcept;

/// Before and after a library is closed: who is inside it.
struct closing_library {
  std::uint64_t begin = 0, end = 0;
  text_place path{};
  struct inside {
    int index = -1, tid = 0;
    std::uint64_t at = 0, return_address = 0;  ///< where on its stack it says so
  } threads[16];
  unsigned count = 0;
};
void look_into_library(void* handle, closing_library& to) noexcept;
void look_after_library(const closing_library&) noexcept;

}  // namespace curfew::check

// SPDX-License-Identifier: Apache-2.0
// Where main's local variables lie: the frame of main on the stack, as call stacks of main's thread show it.
#pragma once

#include "check/facts/call_stack.hpp"

#include <cstdint>

namespace curfew::check {

struct main_frame {
  std::uint64_t begin = 0, end = 0;  ///< from its lowest address to what was above it; both 0: never seen
  std::uint64_t pc = 0;              ///< inside main
};

/// `caller`: who called main. Before main is called.
void note_caller_of_main(const void* caller) noexcept;
/// A call stack of the calling thread, with the stack pointer of each frame. Looks for main's in it.
void note_main_frame(const call_stack&, const std::uint64_t* stack_pointers) noexcept;
main_frame frame_of_main() noexcept;

}  // namespace curfew::check

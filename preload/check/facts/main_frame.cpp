// SPDX-License-Identifier: Apache-2.0
#include "check/facts/main_frame.hpp"

#include <unwind.h>

#include <algorithm>

namespace curfew::check {
namespace {

// Written by main's thread alone, and read by it.
constinit const void* caller_of_main = nullptr;
constinit main_frame known{};

/// Above main there are its caller here, the C library's, and the program's first function.
constexpr unsigned frames_above_main = 6;

}  // namespace

void note_caller_of_main(const void* caller) noexcept { caller_of_main = caller; }

void note_main_frame(const call_stack& stack, const std::uint64_t* stack_pointers) noexcept {
  if (caller_of_main == nullptr) return;
  for (unsigned i = stack.count; i > 1 && i + frames_above_main > stack.count;) {
    --i;
    if (_Unwind_FindEnclosingFunction(reinterpret_cast<void*>(stack.frames[i])) != caller_of_main) continue;
    const std::uint64_t begin = stack_pointers[i - 1], end = stack_pointers[i];
    if (begin >= end) return;
    // It grows where main takes room on the stack as it goes.
    known = {known.end == end ? std::min(known.begin, begin) : begin, end, stack.frames[i - 1]};
    return;
  }
}

main_frame frame_of_main() noexcept { return known; }

}  // namespace curfew::check

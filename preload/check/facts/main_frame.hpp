// SPDX-License-Identifier: Apache-2.0
// Where the local variables of main lie, and those of the functions that it has called: their frames on the stack, as
// call stacks of main's thread show them.
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

/// The thread with that index is started with that call stack of main's thread: a function that main has called may
/// have given it a local variable. `stack_pointers`: of the frames that the record has of it, and of one more.
void note_frames_of_start(int index, const std::uint64_t* stack_pointers) noexcept;
/// It is started by another thread.
void note_foreign_start(int index) noexcept;
/// How far down those frames reach, of the threads that run: `from` where none does.
std::uint64_t lowest_frame_of_start(std::uint64_t from) noexcept;
/// The frame around an address: of the calls that started `thread`, otherwise of those that started another one. False
/// where nobody knows one, or several functions may have had it.
bool frame_of_start(std::uint64_t address, int thread, main_frame& to) noexcept;

}  // namespace curfew::check

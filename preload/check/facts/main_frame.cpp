// SPDX-License-Identifier: Apache-2.0
#include "check/facts/main_frame.hpp"

#include "check/facts/recorder.hpp"

#include <unistd.h>
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

namespace {

/// By the thread's index in the record, which has the frames' code; 0 in the first: none are known.
constinit std::uint64_t starts[max_threads][max_created + 1]{};

bool frame_in(int index, std::uint64_t address, main_frame& to) noexcept {
  const auto& pointers = starts[index];
  if (pointers[0] == 0 || address < pointers[0]) return false;
  const auto& entry = record->threads[index];
  const std::uint32_t count = std::min(entry.created_count, max_created);
  for (std::uint32_t i = 0; i < count && pointers[i + 1] != 0; ++i)
    if (address >= pointers[i] && address < pointers[i + 1]) {
      to = {pointers[i], pointers[i + 1], entry.created[i]};
      return true;
    }
  return false;
}

bool runs_here(const thread_record& entry) noexcept {
  return entry.pid == ::getpid() && (entry.state.load() & thread_record::ended) == 0;
}

}  // namespace

void note_frames_of_start(int index, const std::uint64_t* stack_pointers) noexcept {
  std::copy_n(stack_pointers, max_created + 1, starts[index]);
}

void note_foreign_start(int index) noexcept { starts[index][0] = 0; }

std::uint64_t lowest_frame_of_start(std::uint64_t from) noexcept {
  const std::uint32_t count = std::min(record->thread_count.load(), max_threads);
  for (std::uint32_t i = 0; i < count; ++i)
    if (starts[i][0] != 0 && starts[i][0] < from && runs_here(record->threads[i])) from = starts[i][0];
  return from;
}

bool frame_of_start(std::uint64_t address, int thread, main_frame& to) noexcept {
  if (thread >= 0 && frame_in(thread, address, to)) return true;
  const std::uint32_t count = std::min(record->thread_count.load(), max_threads);
  const void* function = nullptr;
  main_frame one;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!runs_here(record->threads[i]) || !frame_in(static_cast<int>(i), address, one)) continue;
    const void* const its = _Unwind_FindEnclosingFunction(reinterpret_cast<void*>(one.pc));
    if (function != nullptr && its != function) return false;
    function = its;
    to = one;
  }
  return function != nullptr;
}

}  // namespace curfew::check

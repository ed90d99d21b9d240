// SPDX-License-Identifier: Apache-2.0
// The local variables of main, and of the functions that it has called, which are gone when it has returned, before the
// exit begins: their pages are closed as those of a destroyed static are. The exit's own frames lie below them on the
// same stack, so that they stay open.
#pragma once

#include "check/memory/pages.hpp"

#include <cstdint>

namespace curfew::check {

/// So much room main's caller leaves between its own frame and main's.
inline constexpr std::uint64_t room_above_main = 3 * page_size;
/// The stack may end soon below a frame that is larger.
inline constexpr std::uint64_t largest_frame_of_main = std::uint64_t{1} << 20;

/// main has returned with the stack there: where that of what comes now has to begin so that main's pages can be
/// closed. 0: nobody knows where they are.
std::uint64_t stack_below_main(std::uint64_t left_at) noexcept;
/// Says that main has returned, and closes its pages where the stack was put below them. The index of the event; -1:
/// there are no other threads, and nothing to find.
int close_main_locals() noexcept;

/// They are open as long as this lives.
class opened_main_locals {
 public:
  opened_main_locals() noexcept;
  ~opened_main_locals();
  opened_main_locals(const opened_main_locals&) = delete;
  opened_main_locals& operator=(const opened_main_locals&) = delete;

 private:
  bool opened_;
};

}  // namespace curfew::check

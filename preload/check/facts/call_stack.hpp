// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "check/record.hpp"

#include <cstdint>

namespace curfew::check {

/// A frame is an address inside the call, so that it needs no correction; the innermost is the first.
struct call_stack {
  static constexpr unsigned capacity = max_stack;
  std::uint64_t frames[capacity];
  unsigned count = 0;
  unsigned interrupted = 0;  ///< the frame that a signal has interrupted; 0: none
};

}  // namespace curfew::check

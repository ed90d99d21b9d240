// SPDX-License-Identifier: Apache-2.0
// What a system call in which a thread sleeps will read or write when it goes on. That is no access of the program's:
// on a closed page the call only fails.
#pragma once

#include "check/linux/sleeping.hpp"
#include "check/memory/pages.hpp"

#include <cstdint>

namespace curfew::check {

struct dead_buffer {
  dead_range who;
  std::uint64_t address = 0;
  bool written = false;
};
/// The first of its buffers that lies in something dead; false: none does.
bool dead_buffer_of(const sleeping&, dead_buffer& to) noexcept;

}  // namespace curfew::check

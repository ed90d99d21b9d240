// SPDX-License-Identifier: Apache-2.0
// What a thread does that waits, in words.
#pragma once

#include "check/findings/interpreter.hpp"

#include <string>
#include <vector>

namespace curfew::tool {

/// Where a thread of a blocked process is.
struct wait_facts {
  int event;
  std::uint64_t call, address;
  check::text_place file;
  int holder;
  check::wait_kind kind;
};

/// "waits for a mutex, `m`, that thread #3 holds". `object`: what it waits for, where that is an object.
std::string wait_text(interpreter&, const wait_facts&, const std::vector<frame>& stack, static_object& object);

}  // namespace curfew::tool

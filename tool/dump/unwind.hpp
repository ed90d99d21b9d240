// SPDX-License-Identifier: Apache-2.0
// Call stacks, from the copies of registers and stacks.
#pragma once

#include "dump/snapshot.hpp"
#include "symbols/symbols.hpp"

#include <cstdint>
#include <vector>

namespace curfew::tool::dump {

struct call_stack {
  std::vector<std::uint64_t> code;  ///< innermost first: where it is, then addresses inside of the calls
  bool is_cut = false;              ///< it goes on where the stack was not copied, or beyond the most frames
};

class unwinder {
 public:
  unwinder(const symbols&, const snapshot&);
  call_stack stack_of(const thread_copy&);

 private:
  struct request {
    const snapshot* all;
    const thread_copy* thread;
    bool is_cut;
  };
  Dwfl* dwfl_;
  request now_;
  bool ready_;
};

}  // namespace curfew::tool::dump

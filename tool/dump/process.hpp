// SPDX-License-Identifier: Apache-2.0
// A process as it was at one moment, with all that was found out of it.
#pragma once

#include "dump/registry.hpp"
#include "dump/snapshot.hpp"
#include "dump/target.hpp"
#include "dump/waits.hpp"
#include "symbols/symbols.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace curfew::tool::dump {

struct dumped_thread {
  pid_t tid = 0;
  std::string name;  ///< the whole one, where a curfew knows it
  char state = '?';  ///< the kernel's letter
  bool copied = false, late = false;
  wait waits_for;
  std::vector<frame> stack;  ///< innermost first, with what was inlined
  bool stack_is_cut = false;
  bool is_known = false;  ///< to a curfew: then what it knows
  known_thread known;
  std::string created_at;  ///< "hello.cpp:14 in main"; empty: not known
};

/// "waits for a mutex that <to> holds", "joins".
struct edge {
  pid_t from = 0, to = 0;
  std::string why;
};
using cycle = std::vector<edge>;

struct dumped_process {
  target about;
  std::chrono::nanoseconds stopped{0};
  std::vector<dumped_thread> threads;  ///< in the order of their ids; behind them those that have not begun
  std::vector<cycle> cycles;
  libraries curfews;
  std::vector<exit_of_process> exits;  ///< by library
};

dumped_process look_at(const target&);

/// Who waits for whom, and where that goes in a ring.
std::vector<cycle> find_cycles(const std::vector<edge>&);

/// One line, without the name of its thread: "mutex 0x7f… held by …".
std::string wait_text(const wait&, const dumped_process&);
/// How a thread is called in a sentence: `"writer" (4712)`.
std::string thread_text(const dumped_process&, pid_t);

}  // namespace curfew::tool::dump

// SPDX-License-Identifier: Apache-2.0
// A timeline that a program has written of its exit (exit_options::timeline), read back.
#pragma once

#include "check/findings/finding.hpp"

#include <iosfwd>
#include <optional>
#include <string>

namespace curfew::tool {

struct trace {
  exit_story story;
  int pid = 0;
  std::optional<int> status;  ///< of the process, if it is known
  std::string why;            ///< what ended the process early; empty: nothing did
};

/// Reads Chrome's trace format: an array of events whose closing bracket, and whose last event, may be missing. Throws
/// `failure` with `name` and the line of what is no such thing.
trace read_trace(std::istream&, const std::string& name);

}  // namespace curfew::tool

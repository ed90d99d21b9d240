// SPDX-License-Identifier: Apache-2.0
// Why the command itself ends, with the statuses of `env` and `timeout`. All others are the program's own.
#pragma once

#include <stdexcept>
#include <string>

namespace curfew::tool {

struct failure : std::runtime_error {
  static constexpr int own = 125;           ///< the command itself failed, or cannot do it with this program
  static constexpr int cannot_start = 126;  ///< the program is there and cannot be started
  static constexpr int no_such_program = 127;

  failure(int with_status, const std::string& why) : std::runtime_error(why), status(with_status) {}
  int status;
};

}  // namespace curfew::tool

// SPDX-License-Identifier: Apache-2.0
// What the command asks of its preload library: the variable CURFEW_RUN, one line each for
//   1. the exit's options, as CURFEW_EXIT has them (curfew/exit.hpp);
//   2. a file for the record of the exit, or nothing;
//   3. "children" if programs that this one starts are to run with the library too.
#pragma once

namespace curfew::preload {

struct request {
  char options[1600] = {};
  char report[512] = {};  ///< where lines about the exit go: "-" is stderr; empty: nowhere
  char record[512] = {};
};

/// Read once. Unless its third line says otherwise the variable is taken out of the environment, and the library out
/// of LD_PRELOAD: the program's environment, and what its children inherit, is what it would have been.
const request& asked() noexcept;

}  // namespace curfew::preload

// SPDX-License-Identifier: Apache-2.0
// The program that is to be started, looked at before it is.
#pragma once

#include <string>

namespace curfew::tool {

/// Finds `name` as the shell does and returns its path. Throws `failure`: no such program (127), it cannot be started
/// (126), or no library can be preloaded into it (125, and why: statically linked, setuid, for another machine or with
/// another C library).
std::string find_preloadable(const std::string& name);

}  // namespace curfew::tool

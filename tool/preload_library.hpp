// SPDX-License-Identifier: Apache-2.0
// The libraries that the command puts into programs: where they lie, and how they get in.
#pragma once

#include <string>
#include <string_view>

namespace curfew::tool {

/// The path of `libcurfew-<verb>.so`: beside the command (a build tree), or where the installation has it.
/// Throws `failure` when it is not there, or when its path cannot stand in LD_PRELOAD.
std::string preload_library(std::string_view verb);

/// What LD_PRELOAD has to be for programs that are started with this library: it stands before what is there already.
std::string ld_preload_with(const std::string& library);

}  // namespace curfew::tool

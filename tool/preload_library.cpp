// SPDX-License-Identifier: Apache-2.0
#include "preload_library.hpp"

#include "failure.hpp"

#include <cstdlib>
#include <filesystem>

namespace curfew::tool {

std::string preload_library(std::string_view verb) {
  namespace fs = std::filesystem;
  const fs::path own = fs::read_symlink("/proc/self/exe").parent_path();
  const std::string file = "libcurfew-" + std::string(verb) + ".so";
  for (const fs::path& folder : {own, own / CURFEW_PRELOAD_FROM_BIN}) {
    const fs::path candidate = (folder / file).lexically_normal();
    if (!fs::exists(candidate)) continue;
    // The loader takes both as the end of a path.
    if (candidate.native().find_first_of(": ") != std::string::npos)
      throw failure(failure::own, "cannot preload " + candidate.string() +
                                      ": its path contains a space or a colon, which LD_PRELOAD cannot hold");
    return candidate;
  }
  throw failure(failure::own, "cannot find curfew's library: " + file + " is neither in " + own.string() + " nor in " +
                                  (own / CURFEW_PRELOAD_FROM_BIN).lexically_normal().string());
}

std::string ld_preload_with(const std::string& library) {
  const char* const before = std::getenv("LD_PRELOAD");
  return before == nullptr ? library : library + ":" + before;
}

}  // namespace curfew::tool

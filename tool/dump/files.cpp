// SPDX-License-Identifier: Apache-2.0
#include "dump/files.hpp"

#include <fcntl.h>

#include <cstdio>

namespace curfew::tool::dump {

int open_file_of(const target& of, const mapping& one) {
  const auto open = [](const std::string& path) { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); };
  constexpr std::string_view deleted = " (deleted)";
  if (one.path.ends_with(deleted)) {
    // The kernel still has it. For others than root only the program's own file can be had.
    char range[64];
    std::snprintf(range, sizeof range, "%lx-%lx", static_cast<unsigned long>(one.begin),
                  static_cast<unsigned long>(one.end));
    const std::string folder = "/proc/" + std::to_string(of.pid) + "/";
    const int fd = open(folder + "map_files/" + range);
    return fd >= 0 || one.path != of.program ? fd : open(folder + "exe");
  }
  return open(of.root + one.path);
}

}  // namespace curfew::tool::dump

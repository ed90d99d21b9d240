// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include "failure.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace curfew::tool {

void empty_file(const std::string& path) {
  if (path.empty() || path == "-") return;
  std::FILE* const file = std::fopen(path.c_str(), "w");
  if (file == nullptr) throw failure(failure::own, "cannot write " + path + ": " + std::strerror(errno));
  std::fclose(file);
}

}  // namespace curfew::tool

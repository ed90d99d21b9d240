// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include "failure.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace curfew::tool {

std::string check_file(const std::string& path) {
  return path.empty() ? "the value is empty; give the name of a file" : std::string();
}

void empty_file(const std::string& path, const char* option, const std::string& program) {
  if (path.empty() || path == "-") return;
  std::error_code none;
  if (std::filesystem::equivalent(path, program, none))
    throw failure(failure::own, std::string(option) + ": " + path + " is the program to be run; name another file");
  std::FILE* const file = std::fopen(path.c_str(), "w");
  if (file == nullptr)
    throw failure(failure::own, "cannot write " + path + " (" + option + "): " + std::strerror(errno));
  std::fclose(file);
}

}  // namespace curfew::tool

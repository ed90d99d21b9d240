// SPDX-License-Identifier: Apache-2.0
#include "last_exit.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>

std::string take_last_exit(const std::string& file) {
  std::string text;
  {
    std::ifstream in(file);
    text.assign(std::istreambuf_iterator<char>(in), {});
  }
  std::remove(file.c_str());
  return text;
}

// SPDX-License-Identifier: Apache-2.0
// fuzz_replay [TARGET FILE|FOLDER...]: runs a target on the inputs that were kept. Without an argument: the names of
// the targets.
#include "harness.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

int main(int argc, char** argv) {
  if (argc < 3) {
    for (const auto& [name, run] : fuzz::targets()) std::cout << name << "\n";
    return argc == 1 ? 0 : 2;
  }
  const auto found = fuzz::targets().find(argv[1]);
  if (found == fuzz::targets().end()) {
    std::cerr << "there is no target " << argv[1] << "\n";
    return 2;
  }
  std::vector<std::filesystem::path> files;
  for (int i = 2; i < argc; ++i)
    if (std::filesystem::is_directory(argv[i]))
      for (const auto& one : std::filesystem::directory_iterator(argv[i])) files.push_back(one.path());
    else
      files.emplace_back(argv[i]);
  fuzz::do_everything = true;
  // What the code under test prints is of no interest.
  std::cout.setstate(std::ios::failbit);
  for (const auto& path : files) {
    std::ifstream in(path, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(in), {}};
    std::fprintf(stderr, "%s, %zu bytes\n", path.c_str(), content.size());
    found->second(content);
  }
  std::fprintf(stderr, "%zu inputs\n", files.size());
  return files.empty() ? 1 : 0;
}

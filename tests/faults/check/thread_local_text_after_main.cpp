// SPDX-License-Identifier: Apache-2.0
// An exit handler reads a thread_local vector of the main thread, which is gone by then. Right: an error that names it.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

thread_local std::vector<std::string> lines;

int main() {
  lines.assign(100, "a line that is too long for a short string");
  std::atexit([] {
    for (const auto& line : lines) std::puts(line.c_str());
  });
  std::puts("bye");
}

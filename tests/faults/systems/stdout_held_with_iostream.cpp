// SPDX-License-Identifier: Apache-2.0
// A daemon keeps stdout locked for ever, and a static's destructor prints. <iostream> is included. Right everywhere:
// the exit ends, with its own status, and what was written to another stream is in its file. argv[1]: a path to write
// to.
#include <curfew/thread.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <thread>

struct prints {
  ~prints() { std::puts("a destructor's line"); }
};
static prints last;

int main(int, char** argv) {
  std::FILE* const file = std::fopen(argv[1], "w");
  if (file == nullptr) return 2;
  std::fputs("the file has its line\n", file);
  curfew::thread({.name = "holder", .daemon = true}, [] {
    flockfile(stdout);
    for (;;) pause();
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return 7;
}

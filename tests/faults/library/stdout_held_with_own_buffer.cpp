// SPDX-License-Identifier: Apache-2.0
// A daemon keeps stdout locked for good, with a line in it, and a destructor prints. std::cout has a buffer of its own
// (sync_with_stdio(false)). Right: each line of main's and of the daemon's is written once, before the end comes.
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
  std::ios::sync_with_stdio(false);
  std::FILE* const file = std::fopen(argv[1], "w");
  if (file == nullptr) return 2;
  std::fputs("the file has its line\n", file);
  std::wcout << L"wide\n";
  std::cout << "main's line\n";
  curfew::thread({.name = "holder", .daemon = true}, [] {
    flockfile(stdout);
    std::puts("the daemon's line");
    for (;;) pause();
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return 7;
}

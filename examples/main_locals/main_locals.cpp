// SPDX-License-Identifier: Apache-2.0
// A daemon that uses locals of main: the exit_guard behind them freezes it before they are destroyed.
#include <curfew/exit_guard.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <cstdio>
#include <string>
#include <vector>

struct log {
  std::vector<std::string> lines;
  ~log() { std::printf("log: destroyed with %s\n", lines.empty() ? "no line" : "lines, and no thread uses it"); }
};

int main() {
  log entries;
  curfew::event first;
  curfew::exit_guard guard;  // behind the locals that threads use, before the threads

  curfew::thread writer({.name = "writer", .daemon = true}, [&] {
    for (;;) {
      entries.lines.emplace_back("still alive");
      first.set();
    }
  });
  first.wait();
  std::puts("main: returns");
}  // the guard is destroyed first: it waits for regular threads and freezes daemons

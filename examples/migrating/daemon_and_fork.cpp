// SPDX-License-Identifier: Apache-2.0
// daemon(3) and fork: the child has only the thread that forked. Start threads after the last fork.
//! case: before
//! args: before
//! out: child: threads that came along: 0
//! case: after
//! args: after
//! out: child: its worker works
#include <curfew/registry.hpp>
#include <curfew/thread.hpp>

#include <chrono>
#include <cstdio>
#include <string_view>
#include <thread>

#include <unistd.h>

namespace before {
static int run() {
  curfew::thread worker({.name = "worker", .daemon = true}, [] {
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  });
  if (daemon(1, 1) != 0) return 1;  // the parent ends here; the worker was the parent's
  std::printf("child: threads that came along: %zu\n", curfew::active_count() - 1);
  return 0;
}
}  // namespace before

namespace after {
static int run() {
  if (daemon(1, 1) != 0) return 1;  // first become the process that stays
  curfew::thread worker({.name = "worker"}, [] { std::puts("child: its worker works"); });
  return 0;
}
}  // namespace after

int main(int, char** argv) { return argv[1] == std::string_view("before") ? before::run() : after::run(); }

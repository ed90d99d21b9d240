// SPDX-License-Identifier: Apache-2.0
// What a program does with `import curfew;`: no header of curfew is included.
#include <chrono>
#include <cstdio>
#include <cstring>

import curfew;

static int done = 0;

int main() {
  curfew::blocking_queue<int> jobs;
  curfew::exit_guard guard;
  curfew::thread daemon({.name = "ticker", .daemon = true}, [&] {
    while (auto job = jobs.pop()) done += *job;
  });
  curfew::thread regular({.name = "writer"}, [] { std::puts("regular thread ended"); });
  curfew::thread_pool pool({.name = "pool"});
  if (pool.submit([] { return 7; }).get() != 7) return 1;
  jobs.push(1);
  if (curfew::this_thread::name() != "main" || std::strlen(curfew::library_version()) < 5) return 2;
  return daemon.is_alive() ? 0 : 3;
}

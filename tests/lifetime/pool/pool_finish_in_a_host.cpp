// SPDX-License-Identifier: Apache-2.0
// finish() ends the pools as the end of the process does; the process goes on.
//! out: task ended
//! out: finished: 1 frozen
//! out: exit_in_progress
#include <curfew/exit.hpp>
#include <curfew/pool.hpp>

#include <support/program.hpp>

using namespace curfew_test;

int main() {
  curfew::thread_pool pool({.workers = 2});
  gate begun;
  pool.post(curfew::at_exit::abandon, [&] {
    begun.open();
    for (;;) std::this_thread::sleep_for(1h);
  });
  begun.wait();
  pool.post([] {
    std::this_thread::sleep_for(20ms);
    say("task ended");
  });
  const auto report = curfew::finish();
  std::printf("finished: %zu frozen\n", report.frozen.size());
  say(error_of([&] { pool.post([] {}); }));
  pool.wait_idle();
  CHECK(pool.map(std::vector{1, 2}, [](int i) { return i; }).size() == 2);
  return 0;
}

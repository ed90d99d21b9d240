// SPDX-License-Identifier: Apache-2.0
// abandon tasks that never end, one of them holding the pool busy with submissions, when the static pool is destroyed:
// they are frozen, nobody waits for them, and a finish task queued behind them is run all the same.
//! repeat: 10
//! out: queued behind abandon tasks
//! out: static destroyed
#include <curfew/pool.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

using namespace curfew_test;
using curfew::at_exit;

static speaking last("static destroyed");

int main() {
  static curfew::thread_pool pool({.workers = 2});
  static gate first, second;
  pool.post(at_exit::abandon, [] {
    first.open();
    for (;;) std::this_thread::sleep_for(1h);
  });
  pool.post(at_exit::abandon, [] {
    second.open();
    for (;;) {
      // ThreadSanitizer puts signals off while a thread waits for nothing.
      if (thread_sanitizer) std::this_thread::sleep_for(100us);
      try {
        pool.post(at_exit::skip, [] {});
        if (pool.counts().queued > 1000) std::this_thread::sleep_for(1ms);
      } catch (const std::exception&) {
        std::this_thread::sleep_for(1ms);
      }
    }
  });
  first.wait();
  second.wait();
  pool.post([] { say("queued behind abandon tasks"); });
  return 0;
}

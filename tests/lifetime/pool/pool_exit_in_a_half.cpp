// SPDX-License-Identifier: Apache-2.0
// A half of invoke that another worker has taken calls std::exit: the worker that offered it waits for that, and is not
// waited for; what is queued is run.
//! repeat: 20
//! seconds: 0..8
//! status: 4
//! out: exit in a half
//! out: queued
//! out: static destroyed
#include <curfew/pool.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <cstdlib>

using namespace curfew_test;

static speaking last("static destroyed");

int main() {
  if (thread_sanitizer) skip("ThreadSanitizer holds signals back from a thread inside curfew's own waits");
  static curfew::thread_pool pool({.workers = 2});
  static gate taken, queued;
  pool.post([] {
    pool.invoke(
        [] {
          taken.wait();
          pool.post([] { say("queued"); });
          queued.open();
        },
        [] {
          taken.open();
          queued.wait();
          say("exit in a half");
          std::exit(4);
        });
    say("invoke came back");
  });
  for (;;) std::this_thread::sleep_for(1h);
}

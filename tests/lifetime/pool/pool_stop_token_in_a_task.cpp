// SPDX-License-Identifier: Apache-2.0
// A task that is waited for learns from its token that the end has begun; a hook that shuts a pool down waits for it.
//! seconds: 0..8
//! out: hook: shut down
//! out: asked to stop
#include <curfew/exit.hpp>
#include <curfew/pool.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

using namespace curfew_test;

int main() {
  static curfew::thread_pool pool({.workers = 1}), other({.workers = 1});
  static gate begun;
  pool.post([] {
    begun.open();
    while (curfew::this_thread::sleep_for(1h)) {
    }
    say("asked to stop");
  });
  begun.wait();
  curfew::before_wait("other", [] {
    other.post([] { std::this_thread::sleep_for(20ms); });
    other.shutdown();
    CHECK(other.counts().workers == 0);
    say("hook: shut down");
  });
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// std::exit in two tasks at once while others are queued: they are run, by workers that still can.
#include "storm.hpp"

static curfew::thread_pool pool({.workers = 2});

// An exit does not wait for main, which another thread's exit finds where it is: it has to have handed in all its
// tasks.
static std::atomic<bool> all_handed_in{false};

int main() {
  storm::raise_curtain();
  storm::expect("finish", 200);
  for (int i = 1; i <= 200; ++i) {
    if (i == 50 || i == 51)
      pool.post([i] {
        all_handed_in.wait(false);
        std::exit(i == 50 ? storm::end() : storm::status);
      });
    pool.post([i] { storm::keep("finish", i); });
  }
  all_handed_in = true;
  all_handed_in.notify_all();
  for (;;) ::pause();
}

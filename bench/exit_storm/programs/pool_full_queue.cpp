// SPDX-License-Identifier: Apache-2.0
// Daemons and a regular thread are held back by a full queue when the end begins: the regular thread's tasks are run,
// and nobody hangs.
#include "storm.hpp"

static curfew::thread_pool pool({.workers = 1, .queue_limit = 3});

int main() {
  storm::daemons(3, [] {
    try {
      pool.post(curfew::at_exit::skip, [] { ::usleep(20); });
    } catch (const std::exception&) {
    }
  });
  storm::expect("regular", 100);
  curfew::thread([] {
    for (int i = 1; i <= 100; ++i) pool.post([i] { storm::keep("regular", i); });
  });
  return storm::end();
}

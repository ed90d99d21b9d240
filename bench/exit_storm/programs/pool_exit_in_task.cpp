// SPDX-License-Identifier: Apache-2.0
// std::exit in two tasks at once while others are queued: they are run, by workers that still can.
#include "storm.hpp"

static curfew::thread_pool pool({.workers = 2});

int main() {
  storm::raise_curtain();
  storm::expect("finish", 200);
  for (int i = 1; i <= 200; ++i) {
    if (i == 50) pool.post([] { std::exit(storm::end()); });
    if (i == 51) pool.post([] { std::exit(storm::status); });
    pool.post([i] { storm::keep("finish", i); });
  }

  for (;;) ::pause();
}

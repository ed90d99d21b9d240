// SPDX-License-Identifier: Apache-2.0
// Daemons submit tasks and start threads in functions that are noexcept, until the end. Nothing is thrown into them:
// whoever is about to be frozen is frozen where it is.
#include "storm.hpp"

static curfew::thread_pool* const pool = new curfew::thread_pool({.workers = 2});

static void submit() noexcept {
  pool->post(curfew::at_exit::abandon, [] { storm::use_statics(); });
  ::usleep(20);
}
static void submit_and_wait() noexcept {
  static_cast<void>(pool->submit([] { return 1; }).get());
}
static void start() noexcept {
  curfew::thread({.daemon = true}, [] {});
  ::usleep(100);
}

int main() {
  storm::daemons(2, [] { submit(); });
  storm::daemons(1, [] { submit_and_wait(); });
  storm::daemons(1, [] { start(); });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// Handles with static storage, to a daemon that runs and to a regular thread: their destructors do not wait.
#include "storm.hpp"

static curfew::thread daemon_handle, regular_handle;
static curfew::jthread jthread_handle;

int main() {
  storm::daemons(1, [] { std::string word(100, 'w'); });
  daemon_handle = curfew::thread({.daemon = true}, [] {
    for (;;) ::usleep(10);
  });
  storm::expect("regular", 20);
  regular_handle = curfew::thread([] { storm::keep_all("regular", 20); });
  storm::expect("jthread", 20);
  jthread_handle = curfew::jthread([](std::stop_token asked) {
    while (!asked.stop_requested()) ::usleep(10);
    storm::keep_all("jthread", 20);
  });
  return storm::end();
}

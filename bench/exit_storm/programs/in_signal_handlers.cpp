// SPDX-License-Identifier: Apache-2.0
// Daemons that raise a signal without pause, so that they are often in a handler.
#include "storm.hpp"

#include <signal.h>

static std::atomic<int> handled{0};

int main() {
  struct sigaction action {};
  action.sa_handler = [](int) { handled.fetch_add(1, std::memory_order_relaxed); };
  ::sigfillset(&action.sa_mask);
  ::sigaction(SIGUSR1, &action, nullptr);
  storm::daemons(3, [] { ::raise(SIGUSR1); });
  return storm::end();
}

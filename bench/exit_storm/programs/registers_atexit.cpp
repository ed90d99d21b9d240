// SPDX-License-Identifier: Apache-2.0
// Daemons that register atexit handlers without pause: the list of handlers has a lock, which the exit takes.
#include "storm.hpp"

int main() {
  static std::atomic<int> left{20000};
  storm::daemons(2, [] {
    if (left.fetch_sub(1) > 0)
      std::atexit([] {});
    else
      ::usleep(10);
  });
  return storm::end();
}

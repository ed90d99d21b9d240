// SPDX-License-Identifier: Apache-2.0
// A daemon sleeps for ever with a mutex in its hands that nobody wants: nothing is skipped for it.
#include "storm.hpp"

static std::mutex own_mutex;

int main() {
  storm::daemons(1, [] {
    const std::lock_guard hold(own_mutex);
    for (;;) ::pause();
  });
  return storm::end();
}

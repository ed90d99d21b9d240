// SPDX-License-Identifier: Apache-2.0
// Daemons that write records in two halves, each record under a shield: none is torn.
#include "storm.hpp"

static std::mutex record_mutex;

int main() {
  storm::daemons(3, [] {
    const curfew::shield shield;
    if (!shield) {
      ::pause();
      return;
    }
    const std::lock_guard hold(record_mutex);
    (void)!::write(1, storm::noise, 20);
    ::usleep(20);
    (void)!::write(1, storm::noise + 20, sizeof storm::noise - 21);
  });
  return storm::end();
}

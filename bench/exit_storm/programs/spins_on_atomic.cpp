// SPDX-License-Identifier: Apache-2.0
// Daemons that spin on an atomic that does not change.
#include "storm.hpp"

static std::atomic<bool> go{false};

int main() {
  storm::daemons(3, [] {
    for (int i = 0; i < 1000 && !go.load(std::memory_order_acquire); ++i) continue;
  });
  return storm::end();
}

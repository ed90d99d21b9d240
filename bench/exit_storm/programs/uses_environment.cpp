// SPDX-License-Identifier: Apache-2.0
// Daemons that set environment variables without pause: the environment has a lock; a static destructor sets one too.
#include "storm.hpp"

struct saver {
  ~saver() { ::setenv("STORM_SAVED", "1", 1); }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(2, [](int i) {
    ::setenv(i == 0 ? "STORM_A" : "STORM_B", "a value", 1);
    ::unsetenv(i == 0 ? "STORM_A" : "STORM_B");
  });
  return storm::end();
}

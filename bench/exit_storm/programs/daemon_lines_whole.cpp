// SPDX-License-Identifier: Apache-2.0
// Daemons whose lines go through stdout's buffer in pieces, under stdout's lock: no line is torn.
#include "storm.hpp"

int main() {
  storm::daemons(3, [] {
    ::flockfile(stdout);
    for (const char* c = storm::noise; *c != '\0'; ++c) ::putchar_unlocked(*c);
    ::funlockfile(stdout);
  });
  return storm::end();
}

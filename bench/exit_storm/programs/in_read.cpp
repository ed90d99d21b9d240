// SPDX-License-Identifier: Apache-2.0
// Daemons in read() on a pipe: one that stays empty, one that is written to without pause.
#include "storm.hpp"

int main() {
  static int quiet[2], busy[2];
  if (::pipe(quiet) != 0 || ::pipe(busy) != 0) return 1;
  storm::daemons(2, [] {
    char byte;
    (void)!::read(quiet[0], &byte, 1);
  });
  storm::daemons(1, [] { (void)!::write(busy[1], "x", 1); });
  storm::daemons(1, [] {
    char bytes[64];
    (void)!::read(busy[0], bytes, sizeof bytes);
  });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// Hundreds of daemons that end of their own accord while the program does.
#include "storm.hpp"

int main() {
  storm::raise_curtain();
  for (int i = 0; i < 100; ++i) curfew::thread({.daemon = true}, [] { storm::jitter(); });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// Threads that are used again, in waves, when the end begins: each that is waited for has run once, abandoned ones
// stand.
#include "storm.hpp"

int main() {
  storm::raise_curtain();
  storm::expect("recycled", 200);
  for (int i = 1; i <= 200; ++i) {
    static_cast<void>(curfew::recycle([i] { storm::keep("recycled", i); }));
    if (i % 10 == 0)
      static_cast<void>(curfew::recycle(curfew::at_exit::abandon, [] {
        for (;;) {
          ::usleep(50);
          storm::use_statics();
        }
      }));
  }
  return storm::end();
}

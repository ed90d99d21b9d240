// SPDX-License-Identifier: Apache-2.0
// Daemons that compute in registers and never enter the kernel.
#include "storm.hpp"

int main() {
  storm::daemons(3, [] {
    std::uint64_t x = 1;
    for (;;) {
      x = x * 6364136223846793005U + 1;
      asm volatile("" : "+r"(x));
    }
  });
  return storm::end();
}

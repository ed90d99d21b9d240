// SPDX-License-Identifier: Apache-2.0
// Daemons that print to stdout and stderr without pause.
#include "storm.hpp"

int main() {
  storm::daemons(2, [](int i) {
    std::printf("noise 0123456789 0123456789 0123456789 %s end\n", "0123456789");
    if (i == 1) std::fprintf(stderr, "%d ", i);
  });
  return storm::end();
}

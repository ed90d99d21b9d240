// SPDX-License-Identifier: Apache-2.0
// 40 daemons that do nothing but open and close streams: they are inside the C library at nearly every moment.
#include "storm.hpp"

int main() {
  storm::daemons(40, [] {
    if (std::FILE* f = std::fopen("/dev/null", "w")) {
      std::fputs("x", f);
      std::fclose(f);
    }
  });
  return storm::end();
}

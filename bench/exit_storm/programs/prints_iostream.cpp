// SPDX-License-Identifier: Apache-2.0
// Daemons that write to std::cout and std::clog without pause.
#include "storm.hpp"

#include <iostream>

int main() {
  storm::daemons(3, [](int i) {
    std::cout << storm::noise;
    if (i == 0) std::clog << '.' << std::flush;
  });
  return storm::end();
}

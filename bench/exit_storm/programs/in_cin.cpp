// SPDX-License-Identifier: Apache-2.0
// A daemon that waits in std::cin.
#include "storm.hpp"

#include <iostream>

int main() {
  storm::daemons(1, [] {
    std::string word;
    std::cin >> word;
  });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// Daemons that do nothing but look at the clock: they are in the kernel's code for it nearly always.
#include "storm.hpp"

#include <chrono>

int main() {
  storm::daemons(2, [] {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
    while (std::chrono::steady_clock::now() < until) {
    }
  });
  return storm::end();
}

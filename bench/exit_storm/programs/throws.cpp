// SPDX-License-Identifier: Apache-2.0
// Daemons that throw and catch without pause.
#include "storm.hpp"

int main() {
  storm::daemons(4, [] {
    try {
      throw std::runtime_error("thrown by a daemon");
    } catch (const std::exception& e) {
      if (e.what() == nullptr) std::abort();
    }
  });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// Daemons that read a static map and vector that nobody changes, and so without a lock.
#include "storm.hpp"

int main() {
  storm::daemons(4, [i = 0]() mutable {
    const auto found = storm::names.find(++i % 4000);
    if (found == storm::names.end() || found->second.size() < 10) std::abort();
  });
  return storm::end();
}

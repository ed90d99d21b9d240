// SPDX-License-Identifier: Apache-2.0
// Daemons that read a static map and vector under a mutex: the plain case.
#include "storm.hpp"

int main() {
  storm::daemons(4, [i = 0]() mutable {
    const std::lock_guard hold(storm::mutex);
    const auto found = storm::names.find(++i % 4000);
    if (found == storm::names.end() || found->second.size() < 10) std::abort();
    if (storm::lines[static_cast<std::size_t>(i) % 500].size() != 60) std::abort();
  });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// std::exit in a daemon while main uses statics: main is frozen too.
#include "storm.hpp"

int main() {
  storm::daemons(2, [] { std::string word(100, 'w'); });
  curfew::thread({.daemon = true}, [] { std::exit(storm::end()); });
  for (int i = 0;; ++i) {
    const std::lock_guard hold(storm::mutex);
    if (storm::names.find(i % 4000) == storm::names.end()) std::abort();
    storm::steps.fetch_add(1, std::memory_order_relaxed);
  }
}

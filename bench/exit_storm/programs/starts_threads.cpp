// SPDX-License-Identifier: Apache-2.0
// Daemons that start threads without pause; the threads end at once. The end refuses some of them.
#include "storm.hpp"

int main() {
  storm::daemons(2, [] {
    try {
      curfew::thread({.daemon = true}, [] { storm::steps.fetch_add(1, std::memory_order_relaxed); });
    } catch (const std::exception&) {
      ::usleep(100);
    }
  });
  return storm::end();
}

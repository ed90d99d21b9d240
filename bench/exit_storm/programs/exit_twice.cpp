// SPDX-License-Identifier: Apache-2.0
// Two threads call std::exit at once, and main returns: the first runs the exit, the others wait for it.
#include "storm.hpp"

int main() {
  storm::daemons(2, [] { std::string word(100, 'w'); });
  storm::expect("main", 20);
  storm::keep_all("main", 20);
  for (const bool daemon : {false, true}) {
    curfew::thread({.daemon = daemon}, [] {
      storm::jitter();
      std::exit(storm::status);
    });
  }
  storm::jitter();
  return storm::status;
}

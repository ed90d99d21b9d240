// SPDX-License-Identifier: Apache-2.0
// Threads started before main, by a static's constructor: a daemon, and a regular one that is waited for.
#include "storm.hpp"

struct early {
  early() {
    storm::expect("early", 50);
    curfew::thread([] {
      storm::jitter();
      storm::keep_all("early", 50);
    });
    storm::daemons(2, [] { std::string word(100, 'w'); });
  }
};
static const early starts_before_main;

int main() { return storm::end(); }

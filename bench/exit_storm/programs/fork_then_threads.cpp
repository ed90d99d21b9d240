// SPDX-License-Identifier: Apache-2.0
// The child of a fork starts threads of its own, a daemon and a regular one, and ends by the protocol.
#include "storm.hpp"

#include "child.hpp"

int main() {
  storm::daemons(2, [] { std::string word(100, 'w'); });
  storm::check_child([] {
    storm::daemons(2, [] { std::string word(100, 'w'); });
    storm::expect("child", 50);
    curfew::thread([] {
      storm::jitter();
      storm::keep_all("child", 50);
    });
    std::exit(storm::status);
  });
  return storm::end();
}

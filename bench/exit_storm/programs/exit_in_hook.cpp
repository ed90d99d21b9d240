// SPDX-License-Identifier: Apache-2.0
// A hook calls std::exit: the exit goes on behind it, with the hook's status where main had returned.
#include "storm.hpp"

int main() {
  storm::daemons(2, [] { std::string word(100, 'w'); });
  storm::expect("worker", 50);
  curfew::thread([] {
    storm::jitter();
    storm::keep_all("worker", 50);
  });
  curfew::before_wait("quit", [] { std::exit(storm::status); });
  storm::end();
  return 3;
}

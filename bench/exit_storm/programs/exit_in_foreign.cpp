// SPDX-License-Identifier: Apache-2.0
// std::exit in a thread that curfew did not start, while main sleeps.
#include "storm.hpp"

#include <thread>

int main() {
  storm::daemons(2, [] { std::string word(100, 'w'); });
  std::thread([] { std::exit(storm::end()); }).detach();
  for (;;) ::pause();
}

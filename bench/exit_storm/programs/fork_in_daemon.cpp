// SPDX-License-Identifier: Apache-2.0
// fork in daemons without pause: each child ends by std::exit. The parent's end cuts the daemons off.
#include "storm.hpp"

#include "child.hpp"

int main() {
  storm::daemons(1, [] { storm::check_child([] { std::exit(storm::status); }); });
  storm::daemons(1, [] { std::string word(100, 'w'); });
  ::usleep(2000);
  return storm::end();
}

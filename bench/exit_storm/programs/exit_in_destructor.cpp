// SPDX-License-Identifier: Apache-2.0
// std::exit in a static destructor: undefined in the standard; in glibc the exit goes on behind it.
#include "storm.hpp"

struct quitter {
  ~quitter() { std::exit(storm::status); }
};
static const quitter quits_at_the_end;

int main() {
  storm::daemons(2, [] { std::string word(100, 'w'); });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// fork in main while daemons run: the child ends by std::exit, with all its destructors, then the parent does.
#include "storm.hpp"

#include "child.hpp"

int main() {
  storm::daemons(2, [] { std::string word(100, 'w'); });
  storm::check_child([] { std::exit(storm::status); });
  return storm::end();
}

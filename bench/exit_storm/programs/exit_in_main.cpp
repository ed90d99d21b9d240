// SPDX-License-Identifier: Apache-2.0
// std::exit deep inside main.
#include "storm.hpp"

static void deep(int depth) {
  const std::string local(100, 'd');
  if (depth == 0) std::exit(storm::end());
  if (depth > 0) deep(depth - 1);
}

int main() {
  storm::daemons(3, [] { std::string word(100, 'w'); });
  deep(10);
}

// SPDX-License-Identifier: Apache-2.0
// A daemon that sits in getchar(), and so holds stdin's lock.
#include "storm.hpp"

int main() {
  storm::daemons(2, [] { std::getchar(); });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// Daemons that print to stdout without pause: their lines may be lost, but not torn.
#include "storm.hpp"

int main() {
  storm::daemons(3, [] { std::fputs(storm::noise, stdout); });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// A daemon that flushes every stream without pause while others print.
#include "storm.hpp"

int main() {
  storm::daemons(1, [] { std::fflush(nullptr); });
  storm::daemons(2, [] { std::fputs(storm::noise, stdout); });
  return storm::end();
}

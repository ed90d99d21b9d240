// SPDX-License-Identifier: Apache-2.0
// Regular threads that start regular threads while the end waits: each of them must have run.
#include "storm.hpp"

static void generation(int number) {
  storm::keep("generation", number);
  if (number < 30) curfew::thread([number] { generation(number + 1); });
}

int main() {
  storm::daemons(1, [] { ::usleep(100); });
  storm::expect("generation", 30);
  curfew::thread([] { generation(1); });
  return storm::end();
}

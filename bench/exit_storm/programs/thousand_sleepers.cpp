// SPDX-License-Identifier: Apache-2.0
// A thousand daemons that sleep.
#include "storm.hpp"

int main() {
  storm::daemons(1000, [] { ::sleep(1000); });
  return storm::end();
}

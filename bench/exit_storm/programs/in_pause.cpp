// SPDX-License-Identifier: Apache-2.0
// Daemons that sit in pause().
#include "storm.hpp"

int main() {
  storm::daemons(3, [] { ::pause(); });
  return storm::end();
}

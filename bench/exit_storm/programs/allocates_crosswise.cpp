// SPDX-License-Identifier: Apache-2.0
// Daemons free what others allocated, so that each takes the others' arenas.
#include "storm.hpp"

static std::atomic<char*> exchange[64];

int main() {
  storm::daemons(4, [i = 0U]() mutable {
    char* const mine = new char[2000];
    delete[] exchange[++i % 64].exchange(mine);
  });
  return storm::end();
}

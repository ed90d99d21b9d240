// SPDX-License-Identifier: Apache-2.0
// Daemons that allocate and free without pause, in many sizes.
#include "storm.hpp"

int main() {
  storm::daemons(4, [] {
    static const std::size_t sizes[] = {1, 24, 100, 1000, 5000, 40000, 140000, 300000};
    void* blocks[8];
    for (int i = 0; i < 8; ++i) blocks[i] = std::malloc(sizes[i]);
    for (int i = 0; i < 8; ++i) blocks[i] = std::realloc(blocks[i], sizes[7 - i]);
    for (void* block : blocks) std::free(block);
  });
  return storm::end();
}

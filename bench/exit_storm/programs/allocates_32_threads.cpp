// SPDX-License-Identifier: Apache-2.0
// 32 daemons that allocate without pause: more threads than arenas.
#include "storm.hpp"

int main() {
  storm::daemons(32, [] { std::vector<std::string> words(20, std::string(100, 'w')); });
  return storm::end();
}

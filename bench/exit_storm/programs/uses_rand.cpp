// SPDX-License-Identifier: Apache-2.0
// Daemons that call rand() without pause: it has a lock; a static destructor calls it too.
#include "storm.hpp"

struct saver {
  ~saver() {
    if (std::rand() < 0) std::abort();
  }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(3, [] { (void)std::rand(); });
  return storm::end();
}

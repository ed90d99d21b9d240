// SPDX-License-Identifier: Apache-2.0
// Daemons that use a semaphore as a lock, which a static destructor takes. A semaphore has no owner: nobody can tell
// that a frozen daemon holds it until the destructor waits, and then only the end without the other destructors is
// left.
#include "storm.hpp"

#include <semaphore>

static std::binary_semaphore lock(1);

struct saver {
  ~saver() {
    lock.acquire();
    lock.release();
  }
};
static const saver saves_at_the_end;

int main() {
  storm::may_skip("a semaphore has no owner");
  storm::daemons(2, [] {
    lock.acquire();
    for (auto& line : storm::lines) line.back() = 'y';
    lock.release();
  });
  return storm::end();
}

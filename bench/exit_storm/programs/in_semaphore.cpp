// SPDX-License-Identifier: Apache-2.0
// Daemons that wait for semaphores, the standard's and POSIX's, and daemons that post them.
#include "storm.hpp"

#include <semaphore.h>

#include <semaphore>

static std::counting_semaphore<> items(0);
static sem_t slots;

int main() {
  ::sem_init(&slots, 0, 0);
  storm::daemons(1, [] { items.acquire(); });
  storm::daemons(1, [] { ::sem_wait(&slots); });
  storm::daemons(1, [] {
    items.release();
    ::sem_post(&slots);
    ::usleep(1);
  });
  return storm::end();
}

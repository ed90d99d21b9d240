// SPDX-License-Identifier: Apache-2.0
// Daemons do nothing but take and give back the lock inside of a barrier: about every second one is met with it. A
// static destructor takes it too.
#include "storm.hpp"

#include <curfew/sync.hpp>

static curfew::barrier barrier(2);

struct uses_it {
  ~uses_it() {
    barrier.abort();
    if (!barrier.broken()) std::abort();
    storm::keep("user", 1);
    storm::expect("user", 1);
  }
};
static const uses_it user;

int main() {
  storm::daemons(3, [] {
    for (int i = 0; i < 1000; ++i)
      if (barrier.n_waiting() != 0) std::abort();
  });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// A daemon sleeps for ever with a mutex in its hands that a static destructor locks: the destructor can never have it,
// so the process has to end early, with its output and its status.
#include "storm.hpp"

static std::mutex table_mutex;

struct saver {
  ~saver() { const std::lock_guard hold(table_mutex); }
};
static const saver saves_at_the_end;

int main() {
  storm::may_skip("the mutex is never released");
  storm::daemons(1, [] {
    const std::lock_guard hold(table_mutex);
    for (;;) ::pause();
  });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// Daemons that lock with try_lock and try_lock_for; a static destructor locks.
#include "storm.hpp"

static std::timed_mutex table_mutex;
static std::vector<int> totals(100);

struct saver {
  ~saver() {
    const std::lock_guard hold(table_mutex);
    totals.clear();
  }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(3, [](int i) {
    std::unique_lock hold(table_mutex, std::defer_lock);
    if (i == 0 ? hold.try_lock() : hold.try_lock_for(std::chrono::milliseconds(1)))
      for (auto& total : totals) ++total;
  });
  return storm::end();
}

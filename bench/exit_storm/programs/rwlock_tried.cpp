// SPDX-License-Identifier: Apache-2.0
// Daemons that take rwlocks with try_ and timed calls; a static destructor takes it to write.
#include "storm.hpp"

#include <sched.h>

#include <shared_mutex>

static std::shared_timed_mutex table_mutex;
static std::vector<int> totals(100);

struct saver {
  ~saver() {
    const std::unique_lock hold(table_mutex);
    totals.clear();
  }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(2, [] {
    const std::shared_lock hold(table_mutex, std::chrono::milliseconds(1));
    ::sched_yield();
  });
  storm::daemons(2, [] {
    const std::unique_lock hold(table_mutex, std::try_to_lock);
    if (hold)
      for (auto& total : totals) ++total;
  });
  return storm::end();
}

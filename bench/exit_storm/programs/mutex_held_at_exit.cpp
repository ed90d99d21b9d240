// SPDX-License-Identifier: Apache-2.0
// main still holds a mutex and a rwlock when it ends, and daemons wait for them: they hold nothing and can be frozen.
#include "storm.hpp"

#include <shared_mutex>

static std::mutex table_mutex;
static std::shared_mutex index_mutex;

int main() {
  const std::lock_guard hold_table(table_mutex);
  const std::unique_lock hold_index(index_mutex);
  storm::daemons(2, [] { const std::lock_guard hold(table_mutex); });
  storm::daemons(1, [] { const std::unique_lock hold(index_mutex); });
  storm::daemons(1, [] { const std::shared_lock hold(index_mutex); });
  std::exit(storm::end());
}

// SPDX-License-Identifier: Apache-2.0
// Daemons that lock a recursive mutex several times over; a static destructor locks it.
#include "storm.hpp"

static std::recursive_mutex table_mutex;
static std::vector<int> totals(100);

struct saver {
  ~saver() {
    const std::lock_guard hold(table_mutex);
    totals.clear();
  }
};
static const saver saves_at_the_end;

static void add(int depth) {
  const std::lock_guard hold(table_mutex);
  ++totals[static_cast<std::size_t>(depth)];
  if (depth < 20) add(depth + 1);
}

int main() {
  storm::daemons(3, [] { add(0); });
  return storm::end();
}

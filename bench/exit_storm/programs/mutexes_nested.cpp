// SPDX-License-Identifier: Apache-2.0
// Daemons that hold two mutexes at once, inner and outer; static destructors lock each.
#include "storm.hpp"

static std::mutex outer, inner;
static std::vector<int> totals(100);

struct saver {
  ~saver() {
    { const std::lock_guard hold(inner); }
    const std::scoped_lock hold(outer, inner);
    totals.clear();
  }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(2, [] {
    const std::lock_guard first(outer);
    for (auto& total : totals) {
      const std::lock_guard second(inner);
      ++total;
    }
  });
  storm::daemons(1, [] {
    const std::lock_guard hold(inner);
    ++totals.front();
  });
  return storm::end();
}

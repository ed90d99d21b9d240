// SPDX-License-Identifier: Apache-2.0
// Daemons inside std::call_once; a static destructor makes the same calls.
#include "storm.hpp"

static std::once_flag flags[5000];
static std::vector<int> values(5000);

static void build(std::size_t i) {
  std::call_once(flags[i], [i] {
    storm::compute(1000);
    values[i] = 1;
  });
}

struct saver {
  ~saver() {
    for (std::size_t i = 0; i < values.size(); ++i) build(i);
  }
};
static const saver saves_at_the_end;

int main() {
  static std::atomic<std::size_t> next{0};
  storm::daemons(3, [] { build(next.fetch_add(1) % values.size()); });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// Daemons that hold a std::shared_mutex, to read and to write; a static destructor takes it to write.
#include "storm.hpp"

#include <shared_mutex>

static std::shared_mutex table_mutex;
static std::map<int, std::string> table;

struct saver {
  ~saver() {
    const std::unique_lock hold(table_mutex);
    table.clear();
  }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(3, [] {
    const std::shared_lock hold(table_mutex);
    if (table.find(5) != table.end()) storm::steps.fetch_add(1, std::memory_order_relaxed);
  });
  storm::daemons(1, [](int) {
    const std::unique_lock hold(table_mutex);
    for (int i = 0; i < 10; ++i) table[i] += 'x';
    if (table[5].size() > 100) table.clear();
  });
  return storm::end();
}

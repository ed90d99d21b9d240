// SPDX-License-Identifier: Apache-2.0
// Daemons that hold a mutex nearly all the time, in short sections; a static destructor locks it.
#include "storm.hpp"

static std::mutex table_mutex;
static std::map<std::string, int> table;

struct saver {
  ~saver() {
    const std::lock_guard hold(table_mutex);
    table.clear();
  }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(4, [](int i) {
    const std::lock_guard hold(table_mutex);
    ++table["daemon " + std::to_string(i)];
  });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// Daemons move items that take their time into and out of a queue: nearly always one of them is inside it, in code of
// the program's own. A static destructor uses the queue too, and must not find its lock held.
#include "storm.hpp"

#include <curfew/sync.hpp>

struct heavy {
  heavy() = default;
  heavy(heavy&&) noexcept { storm::compute(4000); }
};
static curfew::blocking_queue<heavy> queue(4);
static const std::stop_token never;

struct uses_it {
  ~uses_it() {
    while (queue.try_pop()) {
    }
    queue.push(heavy(), never);
    if (!queue.pop(never)) std::abort();
    storm::keep("user", 1);
    storm::expect("user", 1);
  }
};
static const uses_it user;

int main() {
  storm::daemons(2, [] { queue.push(heavy(), never); });
  storm::daemons(2, [] { static_cast<void>(queue.pop(never)); });
  return storm::end();
}

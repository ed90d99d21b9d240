// SPDX-License-Identifier: Apache-2.0
// Daemons wait on condition variables with static storage, which are destroyed under them.
#include "storm.hpp"

static std::mutex queue_mutex;
static std::condition_variable arrived;
static std::condition_variable_any arrived_any;
static std::vector<int> queue;

int main() {
  storm::daemons(2, [] {
    std::unique_lock hold(queue_mutex);
    arrived.wait(hold, [] { return !queue.empty(); });
  });
  storm::daemons(1, [] {
    std::unique_lock hold(queue_mutex);
    arrived_any.wait(hold, [] { return !queue.empty(); });
  });
  return storm::end();
}

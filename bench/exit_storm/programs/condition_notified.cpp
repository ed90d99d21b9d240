// SPDX-License-Identifier: Apache-2.0
// Daemons that pass work through a condition variable without pause: producers and consumers.
#include "storm.hpp"

static std::mutex queue_mutex;
static std::condition_variable arrived;
static std::vector<std::string> queue;

struct saver {
  ~saver() {
    const std::lock_guard hold(queue_mutex);
    queue.clear();
    arrived.notify_all();
  }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(2, [] {
    std::unique_lock hold(queue_mutex);
    arrived.wait(hold, [] { return !queue.empty(); });
    queue.pop_back();
  });
  storm::daemons(2, [] {
    {
      const std::lock_guard hold(queue_mutex);
      if (queue.size() < 1000) queue.emplace_back("an order for a consumer, too long for the string's own room");
    }
    arrived.notify_one();
  });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// Daemons that wait on condition variables with short timeouts; a static destructor locks their mutex.
#include "storm.hpp"

static std::mutex queue_mutex;
static std::condition_variable arrived;
static std::vector<int> queue;

struct saver {
  ~saver() {
    const std::lock_guard hold(queue_mutex);
    queue.push_back(1);
    arrived.notify_all();
  }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(3, [](int i) {
    std::unique_lock hold(queue_mutex);
    if (i == 0)
      arrived.wait_for(hold, std::chrono::microseconds(20));
    else
      arrived.wait_until(hold, std::chrono::system_clock::now() + std::chrono::microseconds(20));
  });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
// The textbook's queue of a mutex and a condition variable: daemons push and pop, and so does one std::thread, which
// the queue's destructor joins. Its wake-up must reach that thread, past the waiters that are frozen.
#include "storm.hpp"

#include <deque>
#include <thread>

struct queue {
  std::mutex lock;
  std::condition_variable some;
  std::deque<int> items;
  bool closed = false;
  std::thread consumer;

  void push(int item) {
    {
      const std::lock_guard hold(lock);
      items.push_back(item);
    }
    some.notify_one();
  }
  bool pop() {
    std::unique_lock hold(lock);
    some.wait(hold, [&] { return closed || !items.empty(); });
    if (items.empty()) return false;
    items.pop_front();
    return true;
  }
  ~queue() {
    {
      const std::lock_guard hold(lock);
      closed = true;
      items.clear();
    }
    some.notify_all();
    consumer.join();
    storm::keep("queue", 1);
    storm::expect("queue", 1);
  }
};
static queue work;

int main() {
  work.consumer = std::thread([] {
    while (work.pop()) continue;
  });
  storm::daemons(3, [] {
    if (!work.pop()) storm::mark("fault ran-on a daemon has seen the queue closed");
  });
  storm::daemons(1, [i = 0]() mutable {
    work.push(i);
    if (++i % 64 == 0) ::usleep(1);
  });
  return storm::end();
}

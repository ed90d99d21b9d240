// SPDX-License-Identifier: Apache-2.0
// Daemons in the waits of <curfew/sync.hpp>, frozen there or asked to stop again and again; a static destructor sets,
// gives and notifies what they wait on, and takes it itself: nothing is lost to those that are frozen.
#include "storm.hpp"

#include <curfew/sync.hpp>

static const std::stop_token never;
static curfew::event never_set, often_set;
static curfew::bounded_semaphore permits(0, curfew::bounded_semaphore::max());
static curfew::barrier meeting(3);
static std::mutex changing;
static curfew::condition change;
static curfew::blocking_queue<int> queue;

struct uses_them {
  ~uses_them() {
    never_set.set();
    if (!never_set.wait(never)) std::abort();
    permits.release();
    if (!permits.acquire(never)) std::abort();
    {
      const std::lock_guard hold(changing);
      change.notify_one();
      change.notify_all();
    }
    queue.push(1);
    if (queue.pop(never) != 1) std::abort();
    if (meeting.wait(never) != 2) std::abort();
    storm::keep("user", 1);
    storm::expect("user", 1);
  }
};
static const uses_them user;

int main() {
  storm::daemons(1, [] { never_set.wait(never); });
  storm::daemons(1, [] { static_cast<void>(permits.acquire(never)); });
  storm::daemons(1, [] { static_cast<void>(queue.pop(never)); });
  storm::daemons(1, [] {
    std::unique_lock hold(changing);
    (void)change.wait(hold, never);
  });
  // Asked to stop these two do not wait any more, and break the barrier for the others of their kind; so they do not
  // take the one that is used above.
  static curfew::barrier nobody_comes(5);
  storm::daemons(1, [] { often_set.wait(); });
  storm::daemons(1, [] {
    try {
      nobody_comes.reset();
      nobody_comes.wait();
    } catch (const curfew::broken_barrier&) {
    }
  });
  for (int i = 0; i < 2; ++i) storm::daemons(1, [] { meeting.wait(never); });
  while (meeting.n_waiting() != 2) ::usleep(50);
  return storm::end();
}

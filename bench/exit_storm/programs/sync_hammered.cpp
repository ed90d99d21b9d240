// SPDX-License-Identifier: Apache-2.0
// Daemons use everything of <curfew/sync.hpp> without pause, so that some of them are met inside; a static destructor
// uses the same objects, and must find none of their locks held.
#include "storm.hpp"

#include <curfew/sync.hpp>

using namespace std::chrono_literals;

static curfew::event flag;
static curfew::bounded_semaphore permits(2, curfew::bounded_semaphore::max());
static curfew::blocking_queue<std::string> queue(3);
static std::mutex changing;
static curfew::condition change;
static curfew::barrier barrier(2);
static const std::stop_token never;

static void use_all() {
  flag.set();
  static_cast<void>(flag.wait_for(never, 1us));
  flag.clear();
  if (permits.try_acquire_for(never, 1us)) permits.release();
  queue.push_for(std::string(50, 'q'), never, 1us);
  static_cast<void>(queue.pop_for(never, 1us));
  {
    std::unique_lock hold(changing);
    (void)change.wait_for(hold, never, 1us);
  }
  change.notify_all();
  try {
    barrier.wait_for(never, 1us);
  } catch (const curfew::broken_barrier&) {
    barrier.reset();
  }
}

struct uses_them {
  ~uses_them() {
    for (int i = 0; i < 20; ++i) use_all();
    try {
      curfew::timer too_late(1ms, [] {});
      storm::mark("fault wrong-status a timer was made in phase frozen");
    } catch (const curfew::exit_in_progress&) {
    }
    storm::keep("user", 1);
    storm::expect("user", 1);
  }
};
static const uses_them user;

int main() {
  storm::daemons(3, [] { use_all(); });
  storm::daemons(1, [] {
    curfew::timer t({.daemon = true}, 10us, [] { storm::compute(100); });
    t.cancel();
  });
  return storm::end();
}

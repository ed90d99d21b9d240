// SPDX-License-Identifier: Apache-2.0
// Daemons whose functions are noexcept go on calling what throws exit_in_progress once it is too late: they make
// timers, start threads, register hooks, recycle, hand over tasks under a lock that a destructor takes. Right: the end
// freezes them; it does not throw into them, which would end the program by std::terminate, and the lock is free.
#include "guard.hpp"

#include <curfew/curfew.hpp>

#include <mutex>
#include <string>

static std::mutex mutex;
struct taker {
  ~taker() { std::lock_guard lock(mutex); }
};
static taker takes_the_lock;
static curfew::thread_pool pool({.workers = 2});

int main(int argc, char** argv) {
  static const std::string kind = argc > 1 ? argv[1] : "";
  for (int i = 0; i < 2; ++i)
    curfew::thread({.daemon = true}, []() noexcept {
      for (;;) {
        if (kind == "timers") curfew::timer(1h, [] {}).cancel();
        if (kind == "threads") curfew::thread([] {}).join();
        if (kind == "hooks") curfew::remove_hook(curfew::after_wait("late", [] {}));
        if (kind == "recycle") curfew::recycle([] { return 1; }).get();
        if (kind == "locked") {
          std::lock_guard lock(mutex);
          pool.post([] {});
        }
        tick();
      }
    });
  usleep(5000);
}

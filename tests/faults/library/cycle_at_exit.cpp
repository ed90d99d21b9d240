// SPDX-License-Identifier: Apache-2.0
// A regular thread that waits for what comes only after the wait for it: it joins a daemon that never ends, or somebody
// who does; it wants a mutex that the exiting thread has. Right: the exit says so and does not wait for it. "ends": the
// daemon ends by itself, and what the regular thread does then is done.
#include "guard.hpp"

#include <curfew/curfew.hpp>

#include <mutex>
#include <string>

static std::mutex mutex;

int main(int argc, char** argv) {
  const std::string kind = argc > 1 ? argv[1] : "";
  if (kind == "daemon" || kind == "chain" || kind == "ends") {
    const bool ends = kind == "ends";
    static curfew::thread joiner = curfew::thread({.name = "joiner"}, [ends] {
      curfew::thread daemon({.daemon = true}, [ends] {
        while (!ends) usleep(1000), tick();
        usleep(150000);
      });
      daemon.join();
      say("joined\n", 7);
    });
    if (kind == "chain") curfew::thread({.name = "chained"}, [] { joiner.join(); });
  }
  if (kind == "lock" || kind == "lock_chain") {
    mutex.lock();
    static std::mutex second;
    curfew::thread({.name = "waiter"}, [] {
      std::lock_guard lock2(second);
      std::lock_guard lock(mutex);
      say("got it\n", 7);
    });
    usleep(20000);
    if (kind == "lock_chain") curfew::thread({.name = "waiter"}, [] { std::lock_guard lock(second); });
  }
  usleep(20000);
}

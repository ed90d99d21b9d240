// SPDX-License-Identifier: Apache-2.0
// Daemons wait in objects of curfew's that are main's locals, some again and again for a millisecond. Right: status 0,
// no abort and no crash because the objects go first.
#include "guard.hpp"

#include <curfew/curfew.hpp>

#include <chrono>

using namespace std::chrono_literals;

int main() {
  curfew::blocking_queue<int> polled, full(1);
  curfew::event event;
  curfew::bounded_semaphore semaphore(0, 1);
  curfew::barrier barrier(2);
  full.push(1);
  const auto start = [](auto wait) { curfew::thread({.daemon = true}, wait); };
  start([&] {
    while (!polled.pop_for(1h)) {
    }
  });
  start([&] { full.push(2); });
  start([&] { full.join(); });
  start([&] { event.wait(); });
  start([&] { event.wait_for(1h); });
  start([&] { static_cast<void>(semaphore.acquire()); });
  start([&] { barrier.wait(); });
  usleep(20000);
}

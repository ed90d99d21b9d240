// SPDX-License-Identifier: Apache-2.0
// A daemon is frozen by finish() in a wait on an object. In the next life the object is destroyed: nobody will leave
// it.
//! seconds: 0..20
//! out: destroyed
#include <curfew/exit.hpp>
#include <curfew/pool.hpp>
#include <curfew/restart.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <memory>
#include <thread>

using namespace std::chrono_literals;

template <class Object, class Wait>
static void live(std::unique_ptr<Object> object, Wait wait) {
  std::atomic<bool> waits{false};
  curfew::thread({.daemon = true}, [&, raw = object.get()] {
    waits = true;
    wait(*raw);
  });
  while (!waits) std::this_thread::yield();
  std::this_thread::sleep_for(5ms);
  CHECK(curfew::finish().frozen.size() >= 1);
  curfew::restart();
  curfew::thread([] {}).join();
  object.reset();
}

int main() {
  for (int i = 0; i < 5; ++i) {
    live(std::make_unique<curfew::event>(), [](auto& event) { (void)event.wait(); });
    live(std::make_unique<curfew::blocking_queue<int>>(), [](auto& queue) { (void)queue.pop(); });
    live(std::make_unique<curfew::thread_pool>(curfew::pool_options{.workers = 1, .queue_limit = 1}), [](auto& pool) {
      for (;;) pool.post(curfew::at_exit::abandon, [] { std::this_thread::sleep_for(1h); });
    });
    live(std::make_unique<curfew::thread_pool>(curfew::pool_options{.workers = 1}), [](auto& pool) {
      pool.post([] { std::this_thread::sleep_for(20ms); });
      pool.wait_idle();
      for (;;) std::this_thread::sleep_for(1h);
    });
  }
  std::puts("destroyed");
}

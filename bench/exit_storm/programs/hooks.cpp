// SPDX-License-Identifier: Apache-2.0
// Hooks before and after the wait: the first tells a worker to stop, both write.
#include "storm.hpp"

static std::atomic<bool> stop{false};

int main() {
  storm::daemons(2, [] { std::fputs(storm::noise, stdout); });
  storm::expect("worker", 50);
  curfew::thread([] {
    while (!stop.load()) ::usleep(50);
    storm::keep_all("worker", 50);
  });
  storm::expect("before", 1);
  curfew::before_wait("stop the worker", [] {
    stop.store(true);
    storm::keep("before", 1);
  });
  storm::expect("after", 1);
  curfew::after_wait("say so", [] { storm::keep("after", 1); });
  return storm::end();
}

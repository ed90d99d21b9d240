// SPDX-License-Identifier: Apache-2.0
//! error static-used-after-destruction counts
// The function that a timer's threads run uses a static that the exit has destroyed.
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <map>

static std::map<int, int> counts;

int main() {
  sigevent how{};
  how.sigev_notify = SIGEV_THREAD;
  how.sigev_notify_function = [](sigval) {
    static int next = 0;
    for (int i = 0; i < 10; ++i) ++counts[next++ % 50];
  };
  timer_t timer{};
  if (::timer_create(CLOCK_MONOTONIC, &how, &timer) != 0) return 1;
  const itimerspec often{{0, 1'000'000}, {0, 1'000'000}};
  ::timer_settime(timer, 0, &often, nullptr);
  ::usleep(20000);
}

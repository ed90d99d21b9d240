// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
//! status 3
//! prints "a title that lies on the heap"
// The C library starts a thread for each tick of a timer, with signals blocked. They use what lies beside a static that
// is destroyed.
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <string>
#include <thread>

static std::atomic<int> ticks{0};
static std::string title = "a title that lies on the heap";

int main() {
  sigevent how{};
  how.sigev_notify = SIGEV_THREAD;
  how.sigev_value.sival_int = 7;
  how.sigev_notify_function = [](sigval given) { ticks += given.sival_int; };
  timer_t timer{};
  if (::timer_create(CLOCK_MONOTONIC, &how, &timer) != 0) return 1;
  const itimerspec often{{0, 1'000'000}, {0, 1'000'000}};
  ::timer_settime(timer, 0, &often, nullptr);
  std::thread([] {
    for (;;) ::pause();
  }).detach();
  ::usleep(50000);
  if (ticks == 0 || ticks % 7 != 0) return 2;
  std::puts(title.c_str());
  return 3;
}

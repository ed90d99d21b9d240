// SPDX-License-Identifier: Apache-2.0
// A thread that no pthread_create of the program made, a timer's, does not outlive main's statics either.
//! under: run
//! status: 3
//! out: destroyed
#include "witness.hpp"

#include <signal.h>
#include <time.h>

static witness::victim victim;

int main() {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = [](sigval) { witness::use_for_ever(); };
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return 1;
  itimerspec soon{};
  soon.it_value.tv_nsec = 1'000'000;
  timer_settime(timer, 0, &soon, nullptr);
  witness::wait_for_use();
  return 3;
}

// SPDX-License-Identifier: Apache-2.0
// A thread that no pthread_create of the program made does not outlive main's statics either: a timer's, and one of a
// bare clone, which has no thread-local storage of its own.
//! under: run
//! status: 3
//! out: destroyed
//! case: timer
//! args: timer
//! case: clone
//! args: clone
#include "witness.hpp"

#include <cstring>

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>

static witness::victim victim;

static void start_clone() {
  alignas(16) static char stack[65536];
  constexpr int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  ::clone(
      [](void*) -> int {
        for (;;) {
          witness::uses.fetch_add(1);
          if (!witness::destroyed.load()) continue;
          for (;;) ::syscall(SYS_exit_group, 99);
        }
      },
      stack + sizeof stack, flags, nullptr);
}

static void start_timer() {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = [](sigval) { witness::use_for_ever(); };
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return;
  itimerspec soon{};
  soon.it_value.tv_nsec = 1'000'000;
  timer_settime(timer, 0, &soon, nullptr);
}

int main(int, char** argv) {
  std::thread([] {}).join();
  std::strcmp(argv[1], "clone") == 0 ? start_clone() : start_timer();
  witness::wait_for_use();
  return 3;
}

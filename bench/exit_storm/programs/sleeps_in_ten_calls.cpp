// SPDX-License-Identifier: Apache-2.0
// Ten daemons, each asleep for a minute in a call of its own, and others that keep the freeze busy. No call comes back
// before its time, whatever the end of the program does to its sleeper.
#include "storm.hpp"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>

static timespec in_a_minute(clockid_t clock) {
  timespec at{};
  ::clock_gettime(clock, &at);
  at.tv_sec += 60;
  return at;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static sem_t empty;
static int watched = -1;

static void sleep_by_call(int number) {
  timespec minute{60, 0};
  timeval long_time{60, 0};
  sigset_t usr2;
  sigemptyset(&usr2);
  sigaddset(&usr2, SIGUSR2);
  epoll_event event{};
  const timespec until = in_a_minute(CLOCK_REALTIME), until_by_other = in_a_minute(CLOCK_MONOTONIC);
  switch (number) {
    case 0:
      ::nanosleep(&minute, nullptr);
      break;
    case 1:
      ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until_by_other, nullptr);
      break;
    case 2:
      ::poll(nullptr, 0, 60'000);
      break;
    case 3:
      ::ppoll(nullptr, 0, &minute, nullptr);
      break;
    case 4:
      ::select(0, nullptr, nullptr, nullptr, &long_time);
      break;
    case 5:
      ::pselect(0, nullptr, nullptr, nullptr, &minute, nullptr);
      break;
    case 6:
      ::epoll_wait(watched, &event, 1, 60'000);
      break;
    case 7:
      ::sigtimedwait(&usr2, nullptr, &minute);
      break;
    case 8:
      ::sem_timedwait(&empty, &until);
      break;
    default:
      ::pthread_mutex_lock(&lock);
      ::pthread_cond_timedwait(&never, &lock, &until);
      ::pthread_mutex_unlock(&lock);
  }
  storm::mark("fault ran-on call %d came back early", number);
  for (;;) ::pause();
}

int main() {
  ::sem_init(&empty, 0, 0);
  watched = ::epoll_create1(EPOLL_CLOEXEC);
  for (int i = 0; i < 10; ++i) curfew::thread({.daemon = true}, [i] { sleep_by_call(i); });
  storm::daemons(2, [] {
    const std::lock_guard hold(storm::mutex);
    storm::compute(100);
  });
  return storm::end();
}

// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
//! status 6
// Threads sleep in calls that a signal would end: none of them comes back, and none is given a signal that nobody sent.
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include <thread>

template <class Call>
static void must_last(Call call) {
  std::thread([=] {
    call();
    ::_exit(90);
  }).detach();
}

int main() {
  static int ends[2];
  if (::pipe(ends) != 0) return 1;
  must_last([] {
    pollfd one{ends[0], POLLIN, 0};
    ::poll(&one, 1, -1);
  });
  must_last([] {
    epoll_event event{};
    ::epoll_wait(::epoll_create1(0), &event, 1, -1);
  });
  must_last([] {
    const timespec long_time{100, 0};
    ::nanosleep(&long_time, nullptr);
  });
  must_last([] {
    auto* const never = new sem_t;
    ::sem_init(never, 0, 0);
    ::sem_wait(never);
  });
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  must_last([=] {
    int number = 0;
    ::sigwait(&all, &number);
  });
  ::usleep(50000);
  return 6;
}

// SPDX-License-Identifier: Apache-2.0
// As watchdog.cpp, with calls that few programs sleep in: the argument names it. Some of them the kernel never restarts
// behind a signal handler, and some are made by syscall(2), where nothing but the kernel knows which it is.
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <thread>

static void compute() {
  for (volatile unsigned long count = 0;;) count = count + 1;
}

static const timespec half_a_minute{30, 0};

static void watch(const std::string& how) {
  if (how == "select") {
    timeval limit{30, 0};
    select(0, nullptr, nullptr, nullptr, &limit);
  }
  if (how == "pselect") pselect(0, nullptr, nullptr, nullptr, &half_a_minute, nullptr);
  if (how == "sigtimedwait") {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    sigtimedwait(&set, nullptr, &half_a_minute);
  }
  if (how == "semtimedop") {
    sembuf down{0, -1, 0};
    const int set = semget(IPC_PRIVATE, 1, 0600);
    semctl(set, 0, SETVAL, 0);
    semtimedop(set, &down, 1, &half_a_minute);
  }
  if (how == "recv") {
    int ends[2];
    char c;
    const timeval limit{30, 0};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return;
    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    recv(ends[0], &c, 1, 0);
  }
  if (how == "syscall") syscall(SYS_nanosleep, &half_a_minute, nullptr);
  std::fputs("watchdog: timed out\n", stderr);
  _exit(99);
}

int main(int, char** argv) {
  const std::string how = argv[1];
  for (int i = 0; i < 4; ++i) std::thread(compute).detach();
  for (int i = 0; i < 8; ++i) std::thread(watch, how).detach();
  usleep(50000);
  std::puts("main returns");
}

// SPDX-License-Identifier: Apache-2.0
// Sound: an exit handler tells a detached thread to stop, and waits until it has. The thread sleeps in a call of 400
// ms, which the argument names, and takes anything but its time being up for an error. Right: it is thawed, and the
// call ends by its limit, neither early nor with EINTR.
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

static std::atomic<bool> stop{false}, asleep{false}, stopped{false};
static const timespec limit{0, 400'000'000};

static int wait_in(const std::string& how) {
  if (how == "nanosleep") return nanosleep(&limit, nullptr);
  if (how == "poll") return poll(nullptr, 0, 400);
  if (how == "select") return pselect(0, nullptr, nullptr, nullptr, &limit, nullptr);
  if (how == "syscall") return static_cast<int>(syscall(SYS_nanosleep, &limit, nullptr));
  epoll_event event;
  return epoll_wait(epoll_create1(0), &event, 1, 400);
}

static void work(const std::string& how) {
  while (!stop) {
    timespec began, ended;
    clock_gettime(CLOCK_MONOTONIC, &began);
    asleep = true;
    if (wait_in(how) != 0) _exit(99);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    const long ms = (ended.tv_sec - began.tv_sec) * 1000 + (ended.tv_nsec - began.tv_nsec) / 1'000'000;
    if (ms < 399) _exit(98);
  }
  stopped = true;
}

static void wait_for_it() {
  stop = true;
  while (!stopped) usleep(1000);
  std::puts("stopped");
}

int main(int, char** argv) {
  std::atexit(&wait_for_it);
  std::thread(work, std::string(argv[1])).detach();
  while (!asleep) usleep(1000);
  usleep(50'000);
}

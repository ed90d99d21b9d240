/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded beside curfew: functions that others put in front of the C library's. The clock does not advance and sleeps
   last for ever, as a debugger's or a simulation's do; ids, files and system calls say nonsense. Only in a program
   that is called "prog", which asks for none of them itself. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int is_strange(void) { return strcmp(program_invocation_short_name, "prog") == 0; }

static long sleep_for_ever(void) {
  while (pause() < 0) {
  }
  return 0;
}

#define NEXT(name, ...) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))(__VA_ARGS__)

int clock_gettime(clockid_t clock, struct timespec* to) {
  if (!is_strange()) return NEXT(clock_gettime, clock, to);
  to->tv_sec = 1000;
  to->tv_nsec = 0;
  return 0;
}
int nanosleep(const struct timespec* time, struct timespec* left) {
  return is_strange() ? (int)sleep_for_ever() : NEXT(nanosleep, time, left);
}
int usleep(useconds_t time) { return is_strange() ? (int)sleep_for_ever() : NEXT(usleep, time); }
int poll(struct pollfd* fds, nfds_t count, int time) {
  return is_strange() ? (int)sleep_for_ever() : NEXT(poll, fds, count, time);
}
int sched_yield(void) { return is_strange() ? (int)sleep_for_ever() : 0; }
pid_t getpid(void) { return is_strange() ? 1 : NEXT(getpid); }
pid_t gettid(void) { return is_strange() ? 1 : NEXT(gettid); }
int open(const char* path, int flags, ...) {
  if (!is_strange()) return NEXT(open, path, flags, 0600);
  errno = EACCES;
  return -1;
}
long syscall(long number, ...) {
  (void)number;
  return is_strange() ? sleep_for_ever() : -1;
}

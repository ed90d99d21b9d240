// SPDX-License-Identifier: Apache-2.0
// A thread whose pthread_create was looked up with the C library's handle, so that nobody sees it being made. One that
// can be joined is left alone, like any other: it writes its line while the exit handler is busy, and is joined by
// that. A detached one is frozen like any other: it does not use what is destroyed. Right: status 7, the lines of its
// kind.
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile int stop, done, destroyed, uses;
static pthread_t thread;
static int (*join)(pthread_t, void**);
static int joinable;

static void* work(void* nothing) {
  while (!stop) usleep(1000);
  done = 1;
  return nothing;
}

static void* use(void* nothing) {
  for (;;) {
    uses++;
    if (destroyed) _exit(99);
  }
  return nothing;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void finish(void) {
  if (!joinable) {
    destroyed = 1;
    usleep(50000);
    puts("destroyed");
    return;
  }
  stop = 1;
  for (const double end = now() + 3; !done && now() < end;) continue;  // a wait that nobody can see
  puts(done ? "worker flushed" : "the worker is frozen");
  join(thread, NULL);
}

int main(int count, char** argv) {
  joinable = count > 1 && strcmp(argv[1], "joinable") == 0;
  void* handle = dlopen("libc.so.6", RTLD_NOW);
  int (*create)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  int (*detach)(pthread_t);
  *(void**)&create = dlsym(handle, "pthread_create");
  *(void**)&join = dlsym(handle, "pthread_join");
  *(void**)&detach = dlsym(handle, "pthread_detach");
  atexit(finish);
  create(&thread, NULL, joinable ? work : use, NULL);
  if (!joinable) detach(thread);
  usleep(50000);
  return 7;
}

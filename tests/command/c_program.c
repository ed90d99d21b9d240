// SPDX-License-Identifier: Apache-2.0
// A C program: no C++ runtime is loaded into it, and its detached thread is frozen before its exit handlers run.
//! under: run
//! status: 3
//! out: no C++ runtime
//! out: handler
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int started, over;

static void* work(void* unused) {
  (void)unused;
  for (;;) {
    atomic_store(&started, 1);
    if (atomic_load(&over)) _exit(99);
  }
}

static void handler(void) {
  atomic_store(&over, 1);
  usleep(50000);
  puts("handler");
}

int main(void) {
  pthread_t thread;
  FILE* maps = fopen("/proc/self/maps", "r");
  char line[4096];
  int found = 0;
  while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
    if (strstr(line, "libstdc++") != NULL || strstr(line, "libgcc_s") != NULL) found = 1;
  if (maps != NULL) fclose(maps);
  puts(found ? "a C++ runtime" : "no C++ runtime");
  atexit(&handler);
  pthread_create(&thread, NULL, &work, NULL);
  pthread_detach(thread);
  while (!atomic_load(&started)) usleep(1000);
  return 3;
}

// SPDX-License-Identifier: Apache-2.0
// Boehm's collector with a thread that allocates without pause, and so stops all others, main too, again and again; it
// is detached or left to be joined. Right: "main ends", then "collected at exit", status 7, as plain, at once.
#define GC_THREADS
#include <gc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void* allocate(void* nothing) {
  for (;;) {
    void** list = NULL;
    for (int i = 0; i < 1000; i++) {
      void** next = GC_MALLOC(64);
      *next = list;
      list = next;
    }
  }
  return nothing;
}

static void finish(void) {
  GC_gcollect();
  puts("collected at exit");
}

int main(int count, char** argv) {
  GC_INIT();
  atexit(finish);
  for (int i = 0; i < 2; i++) {
    pthread_t thread;
    pthread_create(&thread, NULL, allocate, NULL);
    if (count > 1 && strcmp(argv[1], "detached") == 0) pthread_detach(thread);
  }
  for (int i = 0; i < 50; i++) {
    GC_MALLOC(1000);
    usleep(1000);
  }
  puts("main ends");
  return 7;
}

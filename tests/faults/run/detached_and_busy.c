/* SPDX-License-Identifier: Apache-2.0 */
/* Three detached threads, one of which prints without pause; an exit handler that prints. Right: they are frozen, the
   handler runs, status 7. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static FILE* nowhere;

static void* works(void* nothing) {
  for (volatile unsigned long count = 0;; ++count) {
  }
  return nothing;
}

static void* prints(void* nothing) {
  for (;;) fprintf(nowhere, "%s", "line\n");
  return nothing;
}

static void last(void) { puts("handler ran"); }

int main(void) {
  nowhere = fopen("/dev/null", "w");
  pthread_t id;
  for (int i = 0; i < 3; ++i)
    if (pthread_create(&id, NULL, i == 0 ? prints : works, NULL) == 0) pthread_detach(id);
  for (volatile int i = 0; i < 20000000; ++i) {
  }
  atexit(last);
  puts("main ends");
  return 7;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A sound program whose exit handler works for a second of processor time; with "thread" a joinable thread sleeps
   beside it. Nobody is waited for. Right: as plain, whatever the deadline. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void* sleeps(void* nothing) {
  pause();
  return nothing;
}

static void works(void) {
  const clock_t until = clock() + CLOCKS_PER_SEC;
  while (clock() < until) {
  }
  puts("done");
}

int main(int argc, char** argv) {
  (void)argv;
  pthread_t id;
  if (argc > 1 && pthread_create(&id, NULL, sleeps, NULL) != 0) return 2;
  atexit(works);
  return 7;
}

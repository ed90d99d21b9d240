/* SPDX-License-Identifier: Apache-2.0 */
/* A program in C: the exit waits for its regular threads, also for one that ends by pthread_exit, and freezes its
daemon, which no atexit handler meets at work.
//! out: main returns
//! out: regular ended
//! out: hook before the freeze
//! out: nothing moves
//! status: 3
*/
#include <curfew/curfew.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static atomic_long ticks = 0;
static atomic_int draining = 0;

static void daemon_loop(void* argument) {
  (void)argument;
  for (;;) atomic_fetch_add(&ticks, 1);
}

static void regular(void* argument) {
  (void)argument;
  while (atomic_load(&draining) == 0) curfew_sleep(1);
  puts("regular ended");
  pthread_exit(NULL);
}

static void note(void* argument) {
  (void)argument;
  atomic_store(&draining, 1);
}

static void say(void* argument) { puts(argument); }

static void at_the_end(void) {
  const long before = atomic_load(&ticks);
  curfew_sleep(30);
  puts(atomic_load(&ticks) == before ? "nothing moves" : "the daemon runs on");
}

int main(void) {
  atexit(at_the_end);
  int error = curfew_start(NULL, NULL, regular, NULL);
  error |= curfew_start_daemon(NULL, "ticker", daemon_loop, NULL);
  error |= curfew_before_wait("note", note, NULL, NULL);
  error |= curfew_after_wait("say", say, "hook before the freeze", NULL);
  if (error != 0) return 1;
  while (atomic_load(&ticks) == 0) curfew_sleep(1);
  puts("main returns");
  return 3;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A service in C: a regular thread, a daemon with a shield, a hook, and a thread of pthreads' that is adopted. */
#include <curfew/curfew.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static atomic_int written = 0;
static atomic_int adopted = 0;

static void write_journal(void* argument) {
  (void)argument;
  for (;;) {
    if (curfew_shield_open() == 0) { /* the end of the program waits for what is in here */
      atomic_fetch_add(&written, 1);
      curfew_shield_close();
    }
    curfew_sleep(1);
  }
}

static void serve(void* argument) {
  while (!curfew_stop_requested()) curfew_sleep(10);
  printf("server: asked to stop, says good-bye to %s\n", (const char*)argument);
}

static void stop_accepting(void* argument) { printf("hook: no more requests for %s\n", (const char*)argument); }

/* A callback on somebody else's thread. */
static void* callback(void* argument) {
  (void)argument;
  curfew_adoption* here = NULL;
  int error = curfew_adopt(&here, "callback", CURFEW_REGULAR);
  if (error != 0) fprintf(stderr, "adopt: %s\n", strerror(error));
  atomic_store(&adopted, 1);
  while (curfew_phase() == CURFEW_RUNNING) curfew_sleep(1);
  puts("callback: done before the program ends");
  curfew_release(here);
  return NULL;
}

int main(void) {
  struct curfew_thread_options options = CURFEW_THREAD_OPTIONS;
  options.name = "server";
  options.takes_stop_token = 1;
  int error = curfew_start(NULL, &options, serve, "everybody");
  if (error == 0) error = curfew_start_daemon(NULL, "journal", write_journal, NULL);
  if (error == 0) error = curfew_before_wait("stop accepting", stop_accepting, "anybody", NULL);
  if (error != 0) {
    fprintf(stderr, "curfew: %s\n", strerror(error));
    return 1;
  }
  pthread_t other;
  pthread_create(&other, NULL, callback, NULL);
  pthread_detach(other);
  while (atomic_load(&adopted) == 0 || atomic_load(&written) == 0) curfew_sleep(1);
  puts("main: returns");
  return 0;
}

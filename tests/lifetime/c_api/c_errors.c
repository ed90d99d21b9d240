/* SPDX-License-Identifier: Apache-2.0 */
/* What the functions of curfew.h return for each misuse, and that none of them changes errno.
//! out: 0 wrong
*/
#include <curfew/curfew.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>

static int wrong = 0;
static atomic_int stop = 0;

#define RETURNS(value, call)                                                                 \
  do {                                                                                       \
    errno = E2BIG;                                                                           \
    const int got = (call);                                                                  \
    if (got != (value) || errno != E2BIG) {                                                  \
      fprintf(stderr, "%s:%d: %s is %d, errno %d\n", __FILE__, __LINE__, #call, got, errno); \
      ++wrong;                                                                               \
    }                                                                                        \
  } while (0)

static void nothing(void* argument) { (void)argument; }

static void until_stopped(void* argument) {
  (void)argument;
  while (atomic_load(&stop) == 0) curfew_sleep(1);
}

static void adopts(void* argument) {
  (void)argument;
  RETURNS(EPERM, curfew_adopt(NULL, NULL, CURFEW_REGULAR));
}

static void joins_itself(void* argument) {
  curfew_thread* volatile* self = argument;
  while (*self == NULL) curfew_sleep(1);
  RETURNS(EDEADLK, curfew_join(*self));
}

static void sleeps(void* argument) {
  (void)argument;
  RETURNS(EINTR, curfew_sleep(3600 * 1000));
}

static void* foreign(void* argument) {
  curfew_adoption* here = NULL;
  RETURNS(EINVAL, curfew_adopt(&here, NULL, CURFEW_INHERIT));
  RETURNS(0, curfew_adopt(&here, "here", CURFEW_DAEMON));
  RETURNS(EBUSY, curfew_adopt(NULL, NULL, CURFEW_REGULAR));
  RETURNS(0, curfew_release(here));
  RETURNS(0, curfew_adopt(NULL, NULL, CURFEW_REGULAR));
  return argument;
}

static void in_hook(void* argument) {
  (void)argument;
  RETURNS(ECANCELED, curfew_finish(NULL));
  RETURNS(ECANCELED, curfew_restart());
}

int main(void) {
  struct curfew_thread_options options = CURFEW_THREAD_OPTIONS;
  curfew_thread* thread = NULL;
  RETURNS(EINVAL, curfew_start(&thread, NULL, NULL, NULL));
  options.size = 1;
  RETURNS(EINVAL, curfew_start(&thread, &options, nothing, NULL));
  options.size = sizeof options;
  options.kind = (enum curfew_kind)7;
  RETURNS(EINVAL, curfew_start(&thread, &options, nothing, NULL));
  options.kind = CURFEW_REGULAR;
  options.stack_size = 1;
  RETURNS(EINVAL, curfew_start(&thread, &options, nothing, NULL));
  RETURNS(EINVAL, curfew_join(NULL));
  RETURNS(EINVAL, curfew_join_for(NULL, 1));
  RETURNS(EINVAL, curfew_sleep(-1));
  RETURNS(EPERM, curfew_adopt(NULL, NULL, CURFEW_REGULAR));
  RETURNS(EINVAL, curfew_before_wait(NULL, NULL, NULL, NULL));
  RETURNS(ENOENT, curfew_remove_hook(12345));
  RETURNS(EINVAL, curfew_exit_on_signals(NULL, 1));
  const int kill = SIGKILL;
  RETURNS(EINVAL, curfew_exit_on_signals(&kill, 1));
  RETURNS(EINVAL, curfew_end_library(NULL, -1, NULL));
  RETURNS(EPERM, curfew_restart());

  RETURNS(0, curfew_start(&thread, NULL, until_stopped, NULL));
  RETURNS(ETIMEDOUT, curfew_join_for(thread, 5));
  RETURNS(1, curfew_is_alive(thread));
  atomic_store(&stop, 1);
  RETURNS(0, curfew_join(thread));
  RETURNS(EINVAL, curfew_join(thread));
  RETURNS(0, curfew_is_alive(thread));
  curfew_give_up(thread);

  curfew_thread* volatile self = NULL;
  RETURNS(0, curfew_start(&thread, NULL, joins_itself, (void*)&self));
  self = thread;
  RETURNS(0, curfew_join(thread));
  curfew_give_up(thread);

  RETURNS(0, curfew_start(&thread, NULL, adopts, NULL));
  RETURNS(0, curfew_join(thread));
  curfew_give_up(thread);

  RETURNS(0, curfew_start_daemon(&thread, "sleeper", sleeps, NULL));
  curfew_request_stop(thread);
  RETURNS(0, curfew_join(thread));
  curfew_give_up(thread);

  pthread_t other;
  pthread_create(&other, NULL, foreign, NULL);
  pthread_join(other, NULL);

  uint64_t id = 0;
  RETURNS(0, curfew_before_wait("removed", nothing, NULL, &id));
  RETURNS(0, curfew_remove_hook(id));
  RETURNS(ENOENT, curfew_remove_hook(id));
  RETURNS(0, curfew_after_wait("in hook", in_hook, NULL, NULL));

  RETURNS(0, curfew_shield_open());
  RETURNS(0, curfew_shield_open());
  curfew_shield_close();
  curfew_shield_close();

  struct curfew_report report = {.size = 3};
  RETURNS(EINVAL, curfew_finish(&report));
  report.size = sizeof report;
  RETURNS(0, curfew_finish(&report));
  RETURNS(ECANCELED, curfew_start(NULL, NULL, nothing, NULL));
  RETURNS(ECANCELED, curfew_shield_open());
  RETURNS(CURFEW_FROZEN, (int)curfew_phase());
  RETURNS(0, curfew_restart());
  RETURNS(CURFEW_RUNNING, (int)curfew_phase());
  RETURNS(0, curfew_start(NULL, NULL, nothing, NULL));
  RETURNS(0, curfew_exit_requested());
  curfew_request_exit(5);
  RETURNS(1, curfew_exit_requested());
  RETURNS(5, curfew_wait_for_exit());
  printf("%d wrong\n", wrong);
  return 0;
}

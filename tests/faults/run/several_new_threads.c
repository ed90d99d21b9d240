/* SPDX-License-Identifier: Apache-2.0 */
/* Four threads, made detached or detached right after, are only just being made when main returns. Right: whatever the
   record says of them has a name and an id. */
#include <pthread.h>
#include <threads.h>
#include <unistd.h>

static void* sleeps(void* nothing) {
  for (;;) pause();
  return nothing;
}

static int sleeps_too(void* nothing) {
  for (;;) pause();
  return nothing != NULL;
}

int main(void) {
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  pthread_t id;
  pthread_create(&id, &detached, sleeps, NULL);
  thrd_t other;
  if (thrd_create(&other, sleeps_too, NULL) == thrd_success) thrd_detach(other);
  pthread_create(&id, &detached, sleeps, NULL);
  pthread_create(&id, NULL, sleeps, NULL);
  pthread_detach(id);
  return 7;
}

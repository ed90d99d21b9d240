// SPDX-License-Identifier: Apache-2.0
// With one thread it is the handler of a signal that ends a wait: the exit is not taken for stuck.
//! under: run
//! status: 4
//! out: waiting
//! out: woken
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static sem_t woken;

static void on_alarm(int number) {
  (void)number;
  sem_post(&woken);
}

static void waits(void) {
  alarm(2);
  puts("waiting");
  while (sem_wait(&woken) != 0 && errno == EINTR) {
  }
  puts("woken");
}

int main(void) {
  struct sigaction action = {0};
  action.sa_handler = on_alarm;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, NULL);
  sem_init(&woken, 0, 0);
  atexit(waits);
  return 4;
}

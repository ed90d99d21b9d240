// SPDX-License-Identifier: Apache-2.0
// A daemon is a collector: again and again it stops main and another daemon by a signal, looks at them, and lets them
// go on. It is not frozen while main stands in its handler.
#include "storm.hpp"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

#include <cerrno>

static sem_t stopped;
static std::atomic<unsigned> round_now{0};
static pthread_t main_thread, worker;
static std::atomic<bool> worker_known{false};

static void stand_in_handler(int) {
  const int saved = errno;
  const unsigned round = round_now.load();
  ::sem_post(&stopped);
  while (round_now.load() == round) ::usleep(50);
  errno = saved;
}

static void stop_all_and_go_on() {
  int count = 0;
  for (const pthread_t one : {main_thread, worker}) count += ::pthread_kill(one, SIGUSR1) == 0 ? 1 : 0;
  for (int i = 0; i < count; ++i)
    while (::sem_wait(&stopped) != 0) continue;
  round_now.fetch_add(1);
  ::usleep(300);
}

int main() {
  ::sem_init(&stopped, 0, 0);
  main_thread = ::pthread_self();
  struct sigaction stop {};
  stop.sa_handler = &stand_in_handler;
  stop.sa_flags = SA_RESTART;
  ::sigaction(SIGUSR1, &stop, nullptr);
  storm::daemons(1, [] {
    if (!worker_known) {
      worker = ::pthread_self();
      worker_known = true;
    }
    storm::compute(1000);
  });
  while (!worker_known) ::usleep(10);
  storm::daemons(1, [] { stop_all_and_go_on(); });
  return storm::end();
}

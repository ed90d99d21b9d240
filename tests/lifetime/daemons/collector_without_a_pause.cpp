// SPDX-License-Identifier: Apache-2.0
// A daemon stops main by a signal, as a collector does, again and again without a pause: there is no moment at which
// main is not being asked. The daemon is frozen all the same, and then no handler waits for it.
//! seconds: 0..9
//! status: 3
//! out: static destroyed
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <pthread.h>
#include <semaphore.h>

#include <csignal>

static curfew_test::speaking last("static destroyed");
static sem_t stopped;
static std::atomic<unsigned> round_now{0};

static void stand_in_handler(int) {
  const unsigned round = round_now.load();
  ::sem_post(&stopped);
  while (round_now.load() == round) std::this_thread::yield();
}

int main() {
  if (curfew_test::thread_sanitizer) curfew_test::skip("ThreadSanitizer delays signals");
  ::sem_init(&stopped, 0, 0);
  struct sigaction stop {};
  stop.sa_handler = &stand_in_handler;
  stop.sa_flags = SA_RESTART;
  ::sigaction(SIGUSR1, &stop, nullptr);
  const pthread_t main_thread = ::pthread_self();
  curfew::thread({.daemon = true}, [main_thread] {
    for (;;) {
      ::pthread_kill(main_thread, SIGUSR1);
      while (::sem_wait(&stopped) != 0) continue;
      round_now.fetch_add(1);
      std::this_thread::yield();  // on one processor main would never execute anything, with or without curfew
    }
  });
  while (round_now < 10) continue;  // a sleep would hardly make progress
  return 3;
}

// SPDX-License-Identifier: Apache-2.0
// A library that was linked without the C library, as Valgrind's are: it asks for functions by their names alone. Where
// glibc has several versions of one, the loader gives it the oldest, whose condition variables are laid out in another
// way.
#include <pthread.h>
#include <signal.h>
#include <time.h>

namespace {

struct meeting {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t changed;
  bool waits = false, go = false;
};

void* come(void* argument) {
  auto& m = *static_cast<meeting*>(argument);
  pthread_mutex_lock(&m.mutex);
  m.waits = true;
  pthread_cond_broadcast(&m.changed);
  while (!m.go) pthread_cond_wait(&m.changed, &m.mutex);
  pthread_mutex_unlock(&m.mutex);
  return nullptr;
}

}  // namespace

extern "C" int meet() {
  meeting m;
  // In the C library's older layout the first word is a pointer, which is to be null at first.
  unsigned char* bytes = reinterpret_cast<unsigned char*>(&m.changed);
  for (unsigned i = 0; i < sizeof m.changed; ++i) bytes[i] = 0xa5;
  if (pthread_cond_init(&m.changed, nullptr) != 0) return 1;
  pthread_t thread;
  if (pthread_create(&thread, nullptr, &come, &m) != 0) return 2;
  pthread_mutex_lock(&m.mutex);
  while (!m.waits) pthread_cond_wait(&m.changed, &m.mutex);
  m.go = true;
  pthread_mutex_unlock(&m.mutex);
  pthread_cond_signal(&m.changed);
  if (pthread_join(thread, nullptr) != 0) return 3;
  return pthread_cond_destroy(&m.changed) == 0 ? 0 : 4;
}

extern "C" int set_a_timer() {
  timer_t first{}, idle{}, timer{};
  sigevent how{};
  how.sigev_notify = SIGEV_NONE;
  // The oldest functions take the process's first timer, the kernel's number 0, for none, and give its place away
  // again.
  if (timer_create(CLOCK_MONOTONIC, &how, &first) != 0) return 7;
  if (timer_create(CLOCK_MONOTONIC, &how, &idle) != 0 || timer_create(CLOCK_MONOTONIC, &how, &timer) != 0) return 1;
  itimerspec when{}, left{};
  when.it_value.tv_sec = 100;
  if (timer_settime(timer, 0, &when, nullptr) != 0) return 2;
  if (timer_gettime(timer, &left) != 0 || left.it_value.tv_sec < 90) return 3;
  if (timer_gettime(idle, &left) != 0 || left.it_value.tv_sec != 0) return 4;
  if (timer_getoverrun(timer) < 0) return 5;
  return timer_delete(timer) == 0 && timer_delete(idle) == 0 ? 0 : 6;
}

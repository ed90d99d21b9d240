// SPDX-License-Identifier: Apache-2.0
// A thread that is cancelled in a wait on a condition, one that leaves by pthread_exit, and an exception that leaves
// pthread_once: cleanup handlers and destructors run, through the functions that stand in front of the C library's.
//! under: run
//! out: handler, with the mutex
//! out: destructor
//! out: cancelled
//! out: destructor
//! out: left with 5
//! out: caught
//! out: called again
#include <cstdio>

#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

struct speaking {
  ~speaking() { std::puts("destructor"); }
};

static void* wait(void*) {
  const speaking object;
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(
      [](void*) {
        std::puts(pthread_mutex_trylock(&mutex) != 0 ? "handler, with the mutex" : "handler");
        pthread_mutex_unlock(&mutex);
      },
      nullptr);
  for (;;) pthread_cond_wait(&condition, &mutex);
  pthread_cleanup_pop(1);
  return nullptr;
}

static void* leave(void*) {
  const speaking object;
  static int five = 5;
  pthread_exit(&five);
}

int main() {
  pthread_t thread;
  void* result = nullptr;
  pthread_create(&thread, nullptr, &wait, nullptr);
  ::usleep(20'000);
  pthread_cancel(thread);
  pthread_join(thread, &result);
  std::puts(result == PTHREAD_CANCELED ? "cancelled" : "ended");
  pthread_mutex_lock(&mutex);  // it was given back
  pthread_create(&thread, nullptr, &leave, nullptr);
  pthread_join(thread, &result);
  std::printf("left with %d\n", *static_cast<int*>(result));
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  try {
    pthread_once(&once, [] { throw 1; });
  } catch (int) {
    std::puts("caught");
  }
  pthread_once(&once, [] { std::puts("called again"); });
}

// SPDX-License-Identifier: Apache-2.0
//! error exit-blocked table_lock
//! says "had when it ended"
// A thread is cancelled while it has a lock, as C's threads have it, without a handler that gives it back.
#include <pthread.h>
#include <unistd.h>

#include <cstdlib>

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;

static void clear_table() {
  pthread_mutex_lock(&table_lock);
  pthread_mutex_unlock(&table_lock);
}

int main() {
  std::atexit(clear_table);
  pthread_t thread;
  pthread_create(
      &thread, nullptr,
      [](void*) -> void* {
        pthread_mutex_lock(&table_lock);
        for (;;) ::pause();
      },
      nullptr);
  ::usleep(20000);
  pthread_cancel(thread);
  pthread_join(thread, nullptr);
}

// SPDX-License-Identifier: Apache-2.0
// A library that was linked without the C library, as Valgrind's are: it asks for functions by their names alone. Where
// glibc has several versions of one, the loader gives it the oldest, whose condition variables are laid out in another
// way.
#include <pthread.h>

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

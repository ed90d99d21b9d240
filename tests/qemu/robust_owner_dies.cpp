// SPDX-License-Identifier: Apache-2.0
// A robust mutex is given to the next thread when its owner has ended. The kernel does that by a list that each thread
// has told it of; qemu-user does not pass the list on, and the next thread waits for ever.
#include <pthread.h>
#include <time.h>

#include <cerrno>

int main() {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  static pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, &attributes);
  pthread_t owner;
  const auto lock_and_end = [](void*) -> void* {
    pthread_mutex_lock(&mutex);
    return nullptr;
  };
  if (pthread_create(&owner, nullptr, lock_and_end, nullptr) != 0) return 1;
  pthread_join(owner, nullptr);
  timespec soon;
  clock_gettime(CLOCK_REALTIME, &soon);
  soon.tv_sec += 2;
  return pthread_mutex_timedlock(&mutex, &soon) == EOWNERDEAD ? 0 : 1;
}

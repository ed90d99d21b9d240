// SPDX-License-Identifier: Apache-2.0
// An allocator that takes a mutex, in a library of its own: the C library's behind it.
#include "allocator.hpp"

#include <pthread.h>

#include <cstddef>

std::atomic<int> at_unlock{0};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

extern "C" void* __libc_malloc(std::size_t);  // NOLINT(bugprone-reserved-identifier): the C library's name

extern "C" void* malloc(std::size_t size) {
  pthread_mutex_lock(&lock);
  void* const block = __libc_malloc(size);
  ++at_unlock;
  pthread_mutex_unlock(&lock);
  --at_unlock;
  return block;
}

// SPDX-License-Identifier: Apache-2.0
// A library that stands in front of the C library's mutexes, as tools that look for races or contention do.
#include <dlfcn.h>
#include <pthread.h>

#include <atomic>

namespace {

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

std::atomic<int> locked{0};
std::atomic<int> unlocked{0};

}  // namespace

extern "C" {
int locks_seen() { return locked.load(); }
int unlocks_seen() { return unlocked.load(); }

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  static auto* const real = next<int(pthread_mutex_t*)>("pthread_mutex_lock");
  locked.fetch_add(1);
  return real(mutex);
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  static auto* const real = next<int(pthread_mutex_t*)>("pthread_mutex_trylock");
  locked.fetch_add(1);
  return real(mutex);
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  static auto* const real = next<int(pthread_mutex_t*)>("pthread_mutex_unlock");
  unlocked.fetch_add(1);
  return real(mutex);
}
}

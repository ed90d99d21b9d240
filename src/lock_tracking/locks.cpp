// SPDX-License-Identifier: Apache-2.0
// Locks that are counted while they are held. Counted before they are taken: a thread that waits for one of them is
// not frozen politely either, since it may hold others.
#include "lock_tracking/next.hpp"

#include <pthread.h>
#include <threads.h>
#include <time.h>

#include <cerrno>
#include <cstdio>

namespace {

using curfew::detail::next_function;
using curfew::detail::os::hold;
using curfew::detail::os::let_go;

/// A lock that was taken stays counted; EOWNERDEAD is taken too.
[[gnu::always_inline]] inline int taken(int error) noexcept {
  if (error != 0 && error != EOWNERDEAD) [[unlikely]]
    let_go();
  return error;
}

[[gnu::always_inline]] inline int given_back(int error) noexcept {
  if (error == 0) [[likely]]
    let_go();
  return error;
}

}  // namespace

/// So that this object is linked: see threads.cpp.
extern "C" {
extern const char curfew_lock_tracking_locks;
const char curfew_lock_tracking_locks = 0;
}

extern "C" {

CURFEW_TRACKED int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  static constinit next_function<int(pthread_mutex_t*)> next("pthread_mutex_lock");
  hold();
  return taken(next.get()(mutex));
}

CURFEW_TRACKED int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  static constinit next_function<int(pthread_mutex_t*)> next("pthread_mutex_trylock");
  hold();
  return taken(next.get()(mutex));
}

CURFEW_TRACKED int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* until) noexcept {
  static constinit next_function<int(pthread_mutex_t*, const timespec*)> next("pthread_mutex_timedlock");
  hold();
  return taken(next.get()(mutex, until));
}

CURFEW_TRACKED int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* until) noexcept {
  static constinit next_function<int(pthread_mutex_t*, clockid_t, const timespec*)> next("pthread_mutex_clocklock");
  hold();
  return taken(next.get()(mutex, clock, until));
}

CURFEW_TRACKED int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  static constinit next_function<int(pthread_mutex_t*)> next("pthread_mutex_unlock");
  return given_back(next.get()(mutex));
}

CURFEW_TRACKED int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  static constinit next_function<int(pthread_rwlock_t*)> next("pthread_rwlock_rdlock");
  hold();
  return taken(next.get()(lock));
}

CURFEW_TRACKED int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
  static constinit next_function<int(pthread_rwlock_t*)> next("pthread_rwlock_tryrdlock");
  hold();
  return taken(next.get()(lock));
}

CURFEW_TRACKED int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* until) noexcept {
  static constinit next_function<int(pthread_rwlock_t*, const timespec*)> next("pthread_rwlock_timedrdlock");
  hold();
  return taken(next.get()(lock, until));
}

CURFEW_TRACKED int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* until) noexcept {
  static constinit next_function<int(pthread_rwlock_t*, clockid_t, const timespec*)> next("pthread_rwlock_clockrdlock");
  hold();
  return taken(next.get()(lock, clock, until));
}

CURFEW_TRACKED int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  static constinit next_function<int(pthread_rwlock_t*)> next("pthread_rwlock_wrlock");
  hold();
  return taken(next.get()(lock));
}

CURFEW_TRACKED int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
  static constinit next_function<int(pthread_rwlock_t*)> next("pthread_rwlock_trywrlock");
  hold();
  return taken(next.get()(lock));
}

CURFEW_TRACKED int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* until) noexcept {
  static constinit next_function<int(pthread_rwlock_t*, const timespec*)> next("pthread_rwlock_timedwrlock");
  hold();
  return taken(next.get()(lock, until));
}

CURFEW_TRACKED int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* until) noexcept {
  static constinit next_function<int(pthread_rwlock_t*, clockid_t, const timespec*)> next("pthread_rwlock_clockwrlock");
  hold();
  return taken(next.get()(lock, clock, until));
}

CURFEW_TRACKED int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
  static constinit next_function<int(pthread_rwlock_t*)> next("pthread_rwlock_unlock");
  return given_back(next.get()(lock));
}

CURFEW_TRACKED int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
  static constinit next_function<int(pthread_spinlock_t*)> next("pthread_spin_lock");
  hold();
  return taken(next.get()(lock));
}

CURFEW_TRACKED int pthread_spin_trylock(pthread_spinlock_t* lock) noexcept {
  static constinit next_function<int(pthread_spinlock_t*)> next("pthread_spin_trylock");
  hold();
  return taken(next.get()(lock));
}

CURFEW_TRACKED int pthread_spin_unlock(pthread_spinlock_t* lock) noexcept {
  static constinit next_function<int(pthread_spinlock_t*)> next("pthread_spin_unlock");
  return given_back(next.get()(lock));
}

// C11. Success is 0, and nothing else leaves the lock taken.

CURFEW_TRACKED int mtx_lock(mtx_t* mutex) {
  static constinit next_function<int(mtx_t*)> next("mtx_lock");
  hold();
  return taken(next.get()(mutex));
}

CURFEW_TRACKED int mtx_trylock(mtx_t* mutex) {
  static constinit next_function<int(mtx_t*)> next("mtx_trylock");
  hold();
  return taken(next.get()(mutex));
}

CURFEW_TRACKED int mtx_timedlock(mtx_t* mutex, const timespec* until) {
  static constinit next_function<int(mtx_t*, const timespec*)> next("mtx_timedlock");
  hold();
  return taken(next.get()(mutex, until));
}

CURFEW_TRACKED int mtx_unlock(mtx_t* mutex) {
  static constinit next_function<int(mtx_t*)> next("mtx_unlock");
  return given_back(next.get()(mutex));
}

CURFEW_TRACKED void flockfile(FILE* stream) noexcept {
  static constinit next_function<void(FILE*)> next("flockfile");
  hold();
  next.get()(stream);
}

CURFEW_TRACKED void funlockfile(FILE* stream) noexcept {
  static constinit next_function<void(FILE*)> next("funlockfile");
  next.get()(stream);
  let_go();
}

CURFEW_TRACKED int ftrylockfile(FILE* stream) noexcept {
  static constinit next_function<int(FILE*)> next("ftrylockfile");
  hold();
  return taken(next.get()(stream));
}

}  // extern "C"

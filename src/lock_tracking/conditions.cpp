// SPDX-License-Identifier: Apache-2.0
// Waits on condition variables give up a lock and take it again inside the C library.
#include "exit/freeze_daemons.hpp"
#include "lock_tracking/next.hpp"

#include <curfew/exit.hpp>

#include <pthread.h>
#include <threads.h>
#include <time.h>

namespace {

using curfew::detail::next_function;
using curfew::detail::os::allow;
using curfew::detail::os::defer;

/// The version that came with today's pthread_cond_t, where the architecture is old enough to have another.
constexpr const char* cond_version = "GLIBC_2.3.2";

/// The mutex is given up in here; a thread asleep in the wait can be frozen. Taken again also by a cancelled thread.
class without_the_mutex {
 public:
  [[gnu::always_inline]] explicit without_the_mutex(const void* condition) noexcept {
    curfew::detail::os::begin_wait(condition);
  }
  [[gnu::always_inline]] ~without_the_mutex() { curfew::detail::os::end_wait(); }
  without_the_mutex(const without_the_mutex&) = delete;
  without_the_mutex& operator=(const without_the_mutex&) = delete;
};

constinit next_function<int(pthread_cond_t*, pthread_mutex_t*)> next_pthread_cond_wait("pthread_cond_wait",
                                                                                       cond_version);
constinit next_function<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)> next_pthread_cond_timedwait(
    "pthread_cond_timedwait", cond_version);
constinit next_function<int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)> next_pthread_cond_clockwait(
    "pthread_cond_clockwait");
constinit next_function<int(cnd_t*, mtx_t*)> next_cnd_wait("cnd_wait");
constinit next_function<int(cnd_t*, mtx_t*, const timespec*)> next_cnd_timedwait("cnd_timedwait");
constinit next_function<int(pthread_cond_t*)> next_pthread_cond_signal("pthread_cond_signal", cond_version);
constinit next_function<int(pthread_cond_t*)> next_pthread_cond_broadcast("pthread_cond_broadcast", cond_version);
constinit next_function<int(cnd_t*)> next_cnd_signal("cnd_signal");
constinit next_function<int(cnd_t*)> next_cnd_broadcast("cnd_broadcast");
constinit next_function<int(pthread_cond_t*)> next_pthread_cond_destroy("pthread_cond_destroy", cond_version);
constinit next_function<void(cnd_t*)> next_cnd_destroy("cnd_destroy");
constinit next_function<int(pthread_barrier_t*)> next_pthread_barrier_destroy("pthread_barrier_destroy");

/// As the C library counts its waiters, for the frozen ones to be compared with.
bool only_frozen_threads_wait_on(const void* condition) noexcept {
  if (curfew::exit_phase() != curfew::phase::frozen) [[likely]]
    return false;
#if defined(__GLIBC__)
  constexpr unsigned flag_bits = 3;
  const auto& counted = static_cast<const pthread_cond_t*>(condition)->__data.__wrefs;
  const unsigned waiters = __atomic_load_n(&counted, __ATOMIC_RELAXED) >> flag_bits;
  return waiters != 0 && waiters == curfew::detail::frozen_waiters(condition);
#else
  return false;
#endif
}

// At start-up: the loader's lock that a look-up takes may be a frozen thread's later on.
[[gnu::constructor(101)]] void find_next_functions() {
  next_pthread_cond_wait.get();
  next_pthread_cond_timedwait.get();
  next_pthread_cond_clockwait.get();
  next_cnd_wait.get();
  next_cnd_timedwait.get();
  next_pthread_cond_signal.get();
  next_pthread_cond_broadcast.get();
  next_cnd_signal.get();
  next_cnd_broadcast.get();
  next_pthread_cond_destroy.get();
  next_cnd_destroy.get();
  next_pthread_barrier_destroy.get();
}

}  // namespace

/// So that this object is linked: see threads.cpp.
extern "C" {
extern const char curfew_lock_tracking_conditions;
const char curfew_lock_tracking_conditions = 0;
}

extern "C" {

CURFEW_TRACKED int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  const without_the_mutex inside(condition);
  return next_pthread_cond_wait.get()(condition, mutex);
}

CURFEW_TRACKED int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  const without_the_mutex inside(condition);
  return next_pthread_cond_timedwait.get()(condition, mutex, until);
}

CURFEW_TRACKED int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                          const timespec* until) {
  const without_the_mutex inside(condition);
  return next_pthread_cond_clockwait.get()(condition, mutex, clock, until);
}

CURFEW_TRACKED int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  const without_the_mutex inside(condition);
  return next_cnd_wait.get()(condition, mutex);
}

CURFEW_TRACKED int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
  const without_the_mutex inside(condition);
  return next_cnd_timedwait.get()(condition, mutex, until);
}

// A signal may have to wait, under the condition's own lock, for waiters that have been woken to leave. Frozen ones
// never do, and need no signal.
CURFEW_TRACKED int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  if (only_frozen_threads_wait_on(condition)) return 0;
  defer();
  const int error = next_pthread_cond_signal.get()(condition);
  allow();
  return error;
}

CURFEW_TRACKED int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  if (only_frozen_threads_wait_on(condition)) return 0;
  defer();
  const int error = next_pthread_cond_broadcast.get()(condition);
  allow();
  return error;
}

CURFEW_TRACKED int cnd_signal(cnd_t* condition) {
  if (only_frozen_threads_wait_on(condition)) return 0;
  defer();
  const int error = next_cnd_signal.get()(condition);
  allow();
  return error;
}

CURFEW_TRACKED int cnd_broadcast(cnd_t* condition) {
  if (only_frozen_threads_wait_on(condition)) return 0;
  defer();
  const int error = next_cnd_broadcast.get()(condition);
  allow();
  return error;
}

/// glibc waits here until every waiter has left, and a frozen one never does. Nobody will use the condition again
/// whose destruction could be seen.
CURFEW_TRACKED int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  return curfew::exit_phase() == curfew::phase::frozen ? 0 : next_pthread_cond_destroy.get()(condition);
}

CURFEW_TRACKED void cnd_destroy(cnd_t* condition) {
  if (curfew::exit_phase() != curfew::phase::frozen) next_cnd_destroy.get()(condition);
}

/// As pthread_cond_destroy.
CURFEW_TRACKED int pthread_barrier_destroy(pthread_barrier_t* barrier) noexcept {
  return curfew::exit_phase() == curfew::phase::frozen ? 0 : next_pthread_barrier_destroy.get()(barrier);
}

}  // extern "C"

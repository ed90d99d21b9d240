// SPDX-License-Identifier: Apache-2.0
// Waits on condition variables give up a lock and take it again inside the C library.
#include "exit/conditions.hpp"
#include "lock_tracking/next.hpp"

#include <curfew/exit.hpp>

#include <pthread.h>
#include <threads.h>
#include <time.h>

namespace {

using curfew::detail::may_be_destroyed;
using curfew::detail::next_function;
using curfew::detail::notification_may_be_lost;
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
constinit next_function<int(pthread_cond_t*, const pthread_condattr_t*)> next_pthread_cond_init("pthread_cond_init",
                                                                                                cond_version);
constinit next_function<int(pthread_cond_t*)> next_pthread_cond_destroy("pthread_cond_destroy", cond_version);
constinit next_function<void(cnd_t*)> next_cnd_destroy("cnd_destroy");
constinit next_function<int(pthread_barrier_t*)> next_pthread_barrier_destroy("pthread_barrier_destroy");

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
  next_pthread_cond_init.get();
  next_pthread_cond_destroy.get();
  next_cnd_destroy.get();
  next_pthread_barrier_destroy.get();
  curfew::detail::set_condition_broadcast(
      [](void* condition) { return next_pthread_cond_broadcast.get()(static_cast<pthread_cond_t*>(condition)); });
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

// Counted as a lock, since the C library takes one of the condition's own. Frozen Waiters have left its
// counts (os/condition.hpp), so nothing here waits for them.

CURFEW_TRACKED int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  defer();
  const bool all = notification_may_be_lost(condition);
  const int error = (all ? next_pthread_cond_broadcast : next_pthread_cond_signal).get()(condition);
  allow();
  return error;
}

CURFEW_TRACKED int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  defer();
  const int error = next_pthread_cond_broadcast.get()(condition);
  allow();
  return error;
}

CURFEW_TRACKED int cnd_signal(cnd_t* condition) {
  defer();
  const bool all = notification_may_be_lost(condition);
  const int error = (all ? next_cnd_broadcast : next_cnd_signal).get()(condition);
  allow();
  return error;
}

CURFEW_TRACKED int cnd_broadcast(cnd_t* condition) {
  defer();
  const int error = next_cnd_broadcast.get()(condition);
  allow();
  return error;
}

/// Nothing is to be done here. But whoever asks for these functions without a version, or for the oldest, has one of
/// the older layout made if this is not here too, and the other functions take it for one of today's.
CURFEW_TRACKED int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) noexcept {
  return next_pthread_cond_init.get()(condition, attributes);
}

/// glibc waits here until every waiter has left.
CURFEW_TRACKED int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  return may_be_destroyed(condition) ? next_pthread_cond_destroy.get()(condition) : 0;
}

CURFEW_TRACKED void cnd_destroy(cnd_t* condition) {
  if (may_be_destroyed(condition)) next_cnd_destroy.get()(condition);
}

/// glibc waits here until every waiter has left, and a frozen one never does.
CURFEW_TRACKED int pthread_barrier_destroy(pthread_barrier_t* barrier) noexcept {
  return curfew::exit_phase() == curfew::phase::frozen ? 0 : next_pthread_barrier_destroy.get()(barrier);
}

}  // extern "C"

// SPDX-License-Identifier: Apache-2.0
// Waits on condition variables give up a lock and take it again inside the C library.
#include "lock_tracking/next.hpp"

#include <curfew/exit.hpp>

#include <pthread.h>
#include <threads.h>
#include <time.h>

namespace {

using curfew::detail::next_function;

/// The version that came with today's pthread_cond_t, where the architecture is old enough to have another.
constexpr const char* cond_version = "GLIBC_2.3.2";

/// The mutex is given up in here; a thread asleep in the wait can be frozen. Taken again also by a cancelled thread.
class without_the_mutex {
 public:
  [[gnu::always_inline]] without_the_mutex() noexcept { curfew::detail::os::begin_wait(); }
  [[gnu::always_inline]] ~without_the_mutex() { curfew::detail::os::end_wait(); }
  without_the_mutex(const without_the_mutex&) = delete;
  without_the_mutex& operator=(const without_the_mutex&) = delete;
};

}  // namespace

/// So that this object is linked: see threads.cpp.
extern "C" {
extern const char curfew_lock_tracking_conditions;
const char curfew_lock_tracking_conditions = 0;
}

extern "C" {

CURFEW_TRACKED int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  static constinit next_function<int(pthread_cond_t*, pthread_mutex_t*)> next("pthread_cond_wait", cond_version);
  const without_the_mutex inside;
  return next.get()(condition, mutex);
}

CURFEW_TRACKED int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  static constinit next_function<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)> next("pthread_cond_timedwait",
                                                                                               cond_version);
  const without_the_mutex inside;
  return next.get()(condition, mutex, until);
}

CURFEW_TRACKED int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                          const timespec* until) {
  static constinit next_function<int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)> next(
      "pthread_cond_clockwait");
  const without_the_mutex inside;
  return next.get()(condition, mutex, clock, until);
}

CURFEW_TRACKED int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  static constinit next_function<int(cnd_t*, mtx_t*)> next("cnd_wait");
  const without_the_mutex inside;
  return next.get()(condition, mutex);
}

CURFEW_TRACKED int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
  static constinit next_function<int(cnd_t*, mtx_t*, const timespec*)> next("cnd_timedwait");
  const without_the_mutex inside;
  return next.get()(condition, mutex, until);
}

/// glibc waits here until every waiter has left, and a frozen one never does. Nobody will use the condition again
/// whose destruction could be seen.
CURFEW_TRACKED int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  static constinit next_function<int(pthread_cond_t*)> next("pthread_cond_destroy", cond_version);
  return curfew::exit_phase() == curfew::phase::frozen ? 0 : next.get()(condition);
}

CURFEW_TRACKED void cnd_destroy(cnd_t* condition) {
  static constinit next_function<void(cnd_t*)> next("cnd_destroy");
  if (curfew::exit_phase() != curfew::phase::frozen) next.get()(condition);
}

}  // extern "C"

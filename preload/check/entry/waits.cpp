// SPDX-License-Identifier: Apache-2.0
// Locks and waits. Until the exit begins they are the C library's own, and it is noted who sleeps in them.
#include "check/memory/waits.hpp"
#include "check/facts/exiting.hpp"
#include "check/facts/recorder.hpp"
#include "check/facts/stack.hpp"
#include "check/facts/threads.hpp"
#include "check/linux/kernel.hpp"
#include "check/linux/real.hpp"
#include "exported.hpp"

#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

namespace curfew::check {
namespace {

constexpr const char* cond_version = "GLIBC_2.3.2";  // that of today's pthread_cond_t

constinit real_function<int(pthread_mutex_t*)> next_lock("pthread_mutex_lock"), next_trylock("pthread_mutex_trylock"),
    next_unlock("pthread_mutex_unlock");
constinit real_function<int(pthread_mutex_t*, const timespec*)> next_timedlock("pthread_mutex_timedlock");
constinit real_function<int(pthread_mutex_t*, clockid_t, const timespec*)> next_clocklock("pthread_mutex_clocklock");
constinit real_function<int(pthread_rwlock_t*)> next_rdlock("pthread_rwlock_rdlock"),
    next_tryrdlock("pthread_rwlock_tryrdlock"), next_wrlock("pthread_rwlock_wrlock"),
    next_trywrlock("pthread_rwlock_trywrlock"), next_rwunlock("pthread_rwlock_unlock");
constinit real_function<int(pthread_rwlock_t*, const timespec*)> next_timedrdlock("pthread_rwlock_timedrdlock"),
    next_timedwrlock("pthread_rwlock_timedwrlock");
constinit real_function<int(pthread_rwlock_t*, clockid_t, const timespec*)> next_clockrdlock(
    "pthread_rwlock_clockrdlock"),
    next_clockwrlock("pthread_rwlock_clockwrlock");
constinit real_function<int(pthread_cond_t*, pthread_mutex_t*)> next_cond_wait("pthread_cond_wait", cond_version);
constinit real_function<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)> next_cond_timedwait(
    "pthread_cond_timedwait", cond_version);
constinit real_function<int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)> next_cond_clockwait(
    "pthread_cond_clockwait");
constinit real_function<int(pthread_cond_t*)> next_signal("pthread_cond_signal", cond_version),
    next_broadcast("pthread_cond_broadcast", cond_version), next_cond_destroy("pthread_cond_destroy", cond_version);
constinit real_function<int(pthread_cond_t*, const pthread_condattr_t*)> next_cond_init("pthread_cond_init",
                                                                                        cond_version);
constinit real_function<int(sem_t*)> next_sem_wait("sem_wait"), next_sem_trywait("sem_trywait"),
    next_sem_post("sem_post");
constinit real_function<int(sem_t*, const timespec*)> next_sem_timedwait("sem_timedwait");
constinit real_function<int(sem_t*, clockid_t, const timespec*)> next_sem_clockwait("sem_clockwait");
constinit real_function<int(pthread_barrier_t*)> next_barrier_wait("pthread_barrier_wait");
constinit real_function<int(pthread_once_t*, void (*)())> next_once("pthread_once");

[[gnu::constructor(102)]] void find_next_functions() {
  find_all(next_lock, next_trylock, next_unlock, next_timedlock, next_clocklock, next_rdlock, next_tryrdlock,
           next_wrlock, next_trywrlock, next_rwunlock, next_timedrdlock, next_timedwrlock, next_clockrdlock,
           next_clockwrlock, next_cond_wait, next_cond_timedwait, next_cond_clockwait, next_signal, next_broadcast,
           next_cond_init, next_cond_destroy, next_sem_wait, next_sem_trywait, next_sem_post, next_sem_timedwait,
           next_sem_clockwait, next_barrier_wait, next_once);
}

/// An unlock that does not come this way (the C library's own, inside a wait) is noticed after so long.
constexpr unsigned lock_ms = 10, condition_ms = 50;

/// The wait for a lock. Until the exit: `wait`, the C library's, noted. During the exit: parked, and `attempt` again
/// and again.
template <class Attempt, class Wait>
[[gnu::noinline]] int wait_for(wait_kind kind, const void* object, clockid_t clock, const timespec* until,
                               Attempt attempt, Wait wait) noexcept {
  if (record == nullptr) return wait();
  if (!exiting()) {
    const noted_wait note(kind, object, nullptr, until != nullptr, false);
    if (!exiting()) return wait();
  }
  if (until != nullptr && (until->tv_nsec < 0 || until->tv_nsec >= 1'000'000'000)) return EINVAL;
  const noted_wait note(kind, object, nullptr, until != nullptr, true);
  parking here(object);
  for (;;) {
    const std::uint32_t seen = here.look();
    const int error = attempt();
    if (error != EBUSY) return error;
    if (until != nullptr && has_passed(clock, *until)) return ETIMEDOUT;
    if (!here.sleep(seen, lock_ms, clock, until) && kind == wait_kind::semaphore) return EINTR;
  }
}

bool is_own(int owner) noexcept { return owner == static_cast<int>(kernel_call(SYS_gettid)); }

template <class Wait>
int lock(pthread_mutex_t* mutex, clockid_t clock, const timespec* until, Wait wait) noexcept {
  const int error = next_trylock.get()(mutex);
  if (error != EBUSY) [[likely]]
    return error;
  // That is an error, which only the C library's own tells.
  if ((mutex->__data.__kind & 3) == PTHREAD_MUTEX_ERRORCHECK_NP && is_own(mutex->__data.__owner)) return wait();
  return wait_for(
      wait_kind::mutex, mutex, clock, until, [=] { return next_trylock.get()(mutex); }, wait);
}

template <class Wait>
int lock(wait_kind kind, pthread_rwlock_t* rwlock, clockid_t clock, const timespec* until, Wait wait) noexcept {
  const auto attempt = [=] {
    return kind == wait_kind::read_lock ? next_tryrdlock.get()(rwlock) : next_trywrlock.get()(rwlock);
  };
  const int error = attempt();
  if (error != EBUSY) [[likely]]
    return error;
  if (is_own(rwlock->__data.__cur_writer)) return wait();
  return wait_for(kind, rwlock, clock, until, attempt, wait);
}

int failed(int error) noexcept {
  if (error == 0) return 0;
  errno = error;
  return -1;
}

template <class Wait>
int take(sem_t* semaphore, clockid_t clock, const timespec* until, Wait wait) {
  const int saved = errno;
  if (next_sem_trywait.get()(semaphore) == 0) return 0;
  if (errno != EAGAIN) return -1;
  errno = saved;
  if (record == nullptr) return wait();
  if (!exiting()) {
    const noted_wait note(wait_kind::semaphore, semaphore, nullptr, until != nullptr, false);
    if (!exiting()) return wait();
  }
  return failed(wait_for(
      wait_kind::semaphore, semaphore, clock, until,
      [=] { return next_sem_trywait.get()(semaphore) == 0 ? 0
                   : errno == EAGAIN                      ? EBUSY
                                                          : errno; },
      [] { return EINTR; }));
}

/// On a closed page it is a parked wait, which may end early, as waits on conditions may.
template <class Wait>
int wait_on(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* until, Wait wait) {
  if (record == nullptr) return wait();
  {
    const noted_wait note(wait_kind::condition, condition, mutex, until != nullptr, false);
    if (!lies_on_closed_page(wait_kind::condition, condition) && !lies_on_closed_page(wait_kind::mutex, mutex))
      return wait();
  }
  ::pthread_testcancel();
  {
    const noted_wait note(wait_kind::condition, condition, mutex, until != nullptr, true);
    parking here(condition);
    const std::uint32_t seen = here.look();
    if (const int error = ::pthread_mutex_unlock(mutex); error != 0) return error;
    here.sleep(seen, condition_ms, clock, until);
  }
  if (const int error = ::pthread_mutex_lock(mutex); error != 0) return error;
  return until != nullptr && has_passed(clock, *until) ? ETIMEDOUT : 0;
}

/// In a child of fork: the C library waits for waiters that only the parent has.
void note_condition(const pthread_cond_t* condition) noexcept {
  if (!is_forked_child() || !exiting() || condition->__data.__wrefs >> 3 == 0 || !is_alone()) return;
  call_stack stack;
  walk(stack);
  emit(condition_destroyed{reinterpret_cast<std::uint64_t>(condition)}, current_thread(), stack);
}

int as_thrd(int error) noexcept {
  switch (error) {
    case 0:
      return thrd_success;
    case EBUSY:
      return thrd_busy;
    case ENOMEM:
      return thrd_nomem;
    case ETIMEDOUT:
      return thrd_timedout;
    default:
      return thrd_error;
  }
}

pthread_mutex_t* of(mtx_t* mutex) noexcept { return reinterpret_cast<pthread_mutex_t*>(mutex); }
pthread_cond_t* of(cnd_t* condition) noexcept { return reinterpret_cast<pthread_cond_t*>(condition); }

}  // namespace
}  // namespace curfew::check

using namespace curfew::check;

extern "C" {

CURFEW_EXPORTED int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  return lock(mutex, 0, nullptr, [=] { return next_lock.get()(mutex); });
}
CURFEW_EXPORTED int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* until) noexcept {
  return lock(mutex, CLOCK_REALTIME, until, [=] { return next_timedlock.get()(mutex, until); });
}
CURFEW_EXPORTED int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* until) noexcept {
  return lock(mutex, clock, until, [=] { return next_clocklock.get()(mutex, clock, until); });
}
CURFEW_EXPORTED int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  if (!exiting()) [[likely]]
    return next_unlock.get()(mutex);
  let_wake(mutex);
  const int error = next_unlock.get()(mutex);
  unpark(mutex);
  return error;
}

CURFEW_EXPORTED int pthread_rwlock_rdlock(pthread_rwlock_t* rwlock) noexcept {
  return lock(wait_kind::read_lock, rwlock, 0, nullptr, [=] { return next_rdlock.get()(rwlock); });
}
CURFEW_EXPORTED int pthread_rwlock_timedrdlock(pthread_rwlock_t* rwlock, const timespec* until) noexcept {
  return lock(wait_kind::read_lock, rwlock, CLOCK_REALTIME, until,
              [=] { return next_timedrdlock.get()(rwlock, until); });
}
CURFEW_EXPORTED int pthread_rwlock_clockrdlock(pthread_rwlock_t* rwlock, clockid_t clock,
                                               const timespec* until) noexcept {
  return lock(wait_kind::read_lock, rwlock, clock, until, [=] { return next_clockrdlock.get()(rwlock, clock, until); });
}
CURFEW_EXPORTED int pthread_rwlock_wrlock(pthread_rwlock_t* rwlock) noexcept {
  return lock(wait_kind::write_lock, rwlock, 0, nullptr, [=] { return next_wrlock.get()(rwlock); });
}
CURFEW_EXPORTED int pthread_rwlock_timedwrlock(pthread_rwlock_t* rwlock, const timespec* until) noexcept {
  return lock(wait_kind::write_lock, rwlock, CLOCK_REALTIME, until,
              [=] { return next_timedwrlock.get()(rwlock, until); });
}
CURFEW_EXPORTED int pthread_rwlock_clockwrlock(pthread_rwlock_t* rwlock, clockid_t clock,
                                               const timespec* until) noexcept {
  return lock(wait_kind::write_lock, rwlock, clock, until,
              [=] { return next_clockwrlock.get()(rwlock, clock, until); });
}
CURFEW_EXPORTED int pthread_rwlock_unlock(pthread_rwlock_t* rwlock) noexcept {
  if (!exiting()) [[likely]]
    return next_rwunlock.get()(rwlock);
  let_wake(rwlock);
  const int error = next_rwunlock.get()(rwlock);
  unpark(rwlock);
  return error;
}

CURFEW_EXPORTED int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  return wait_on(condition, mutex, 0, nullptr, [=] { return next_cond_wait.get()(condition, mutex); });
}
CURFEW_EXPORTED int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  // The C library's note of which clock it is.
  const clockid_t clock = (condition->__data.__wrefs & 2) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
  return wait_on(condition, mutex, clock, until, [=] { return next_cond_timedwait.get()(condition, mutex, until); });
}
CURFEW_EXPORTED int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                           const timespec* until) {
  return wait_on(condition, mutex, clock, until,
                 [=] { return next_cond_clockwait.get()(condition, mutex, clock, until); });
}
CURFEW_EXPORTED int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  if (!exiting()) [[likely]]
    return next_signal.get()(condition);
  // Those who sleep beside something that is destroyed all come back, and wait parked from then on.
  const int error = let_wake(condition) ? next_broadcast.get()(condition) : next_signal.get()(condition);
  unpark(condition);
  return error;
}
CURFEW_EXPORTED int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  if (!exiting()) [[likely]]
    return next_broadcast.get()(condition);
  let_wake(condition);
  const int error = next_broadcast.get()(condition);
  unpark(condition);
  return error;
}
/// Whoever asks for these functions without a version, or for the oldest, has one of the C library's older layout made
/// if this is not here too, and the other functions take it for one of today's.
CURFEW_EXPORTED int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) noexcept {
  return next_cond_init.get()(condition, attributes);
}

CURFEW_EXPORTED int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  if (!exiting()) [[likely]]
    return next_cond_destroy.get()(condition);
  note_condition(condition);
  noted_wait note(wait_kind::destroyed_condition, condition, nullptr, false, false);
  note.keep_open();
  return next_cond_destroy.get()(condition);
}

CURFEW_EXPORTED int sem_wait(sem_t* semaphore) {
  return take(semaphore, 0, nullptr, [=] { return next_sem_wait.get()(semaphore); });
}
CURFEW_EXPORTED int sem_timedwait(sem_t* semaphore, const timespec* until) {
  return take(semaphore, CLOCK_REALTIME, until, [=] { return next_sem_timedwait.get()(semaphore, until); });
}
CURFEW_EXPORTED int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* until) {
  return take(semaphore, clock, until, [=] { return next_sem_clockwait.get()(semaphore, clock, until); });
}
CURFEW_EXPORTED int sem_post(sem_t* semaphore) noexcept {
  if (!exiting()) [[likely]]
    return next_sem_post.get()(semaphore);
  let_wake(semaphore);
  const int error = next_sem_post.get()(semaphore);
  unpark(semaphore);
  return error;
}

CURFEW_EXPORTED int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
  if (record == nullptr) return next_barrier_wait.get()(barrier);
  noted_wait note(wait_kind::barrier, barrier, nullptr, false, false);
  if (exiting()) {
    let_wake(barrier);
    note.keep_open();
  }
  return next_barrier_wait.get()(barrier);
}

CURFEW_EXPORTED int pthread_once(pthread_once_t* control, void (*routine)()) {
  constexpr int done = 2;
  if (!exiting() || *control == done) return next_once.get()(control, routine);
  noted_wait note(wait_kind::once, control, nullptr, false, false);
  note.keep_open();
  return next_once.get()(control, routine);
}

// Those of C: the C library's own do not come past the functions above.
CURFEW_EXPORTED int mtx_lock(mtx_t* mutex) { return as_thrd(::pthread_mutex_lock(of(mutex))); }
CURFEW_EXPORTED int mtx_timedlock(mtx_t* mutex, const timespec* until) {
  return as_thrd(::pthread_mutex_timedlock(of(mutex), until));
}
CURFEW_EXPORTED int mtx_unlock(mtx_t* mutex) { return as_thrd(::pthread_mutex_unlock(of(mutex))); }
CURFEW_EXPORTED int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return as_thrd(::pthread_cond_wait(of(condition), of(mutex)));
}
CURFEW_EXPORTED int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
  return as_thrd(::pthread_cond_timedwait(of(condition), of(mutex), until));
}
CURFEW_EXPORTED int cnd_signal(cnd_t* condition) { return as_thrd(::pthread_cond_signal(of(condition))); }
CURFEW_EXPORTED int cnd_broadcast(cnd_t* condition) { return as_thrd(::pthread_cond_broadcast(of(condition))); }
CURFEW_EXPORTED void cnd_destroy(cnd_t* condition) { ::pthread_cond_destroy(of(condition)); }

}  // extern "C"
